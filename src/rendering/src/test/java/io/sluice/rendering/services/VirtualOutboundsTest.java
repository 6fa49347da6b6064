package io.sluice.rendering.services;

import static io.sluice.rendering.services.Declared.address;
import static io.sluice.rendering.services.Declared.dataplane;
import static io.sluice.rendering.services.Declared.outbound;
import static io.sluice.rendering.services.Declared.tags;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.resources.virtualoutbound.VirtualOutbound;
import java.util.List;
import org.junit.jupiter.api.Test;

class VirtualOutboundsTest {

  private static final String ANY = "{match: {kuma.io/service: '*'}}";
  private static final String V1 = "{match: {kuma.io/service: '*', version: v1}}";
  private static final String V_ANY = "{match: {kuma.io/service: '*', version: '*'}}";

  private final Catalogue mesh =
      Catalogue.empty()
          .with(dataplane("a", "10.0.0.1", "backend", "version=v1", "team=x"))
          .with(dataplane("b", "10.0.0.2", "backend", "version=v2"));

  @Test
  void aNameLeadsToTheEndpointsWithTheParametersTags() {
    Catalogue catalogue =
        mesh.with(outbound("v", V_ANY, "{{.service}}-{{.v}}.mesh", "8080", "v=version"), 1)
            .with(address("backend-v1.mesh", 1));

    assertThat(catalogue.hosts())
        .containsExactly("backend-v1.mesh", "backend-v2.mesh", "backend.mesh");
    VirtualListener listener = catalogue.reach(List.of()).listeners().getFirst();
    assertThat(listener.port()).isEqualTo(8080);
    assertThat(listener.destination())
        .isSameAs(catalogue.destination(tags("backend", "version=v1")));
    assertThat(listener.destination().endpoints())
        .extracting(Endpoint::dataplane)
        .containsExactly("a");
  }

  @Test
  void allMatchingPoliciesApply() {
    Catalogue catalogue =
        mesh.with(outbound("one", ANY, "{{.service}}.one", "80"), 1)
            .with(outbound("two", ANY, "{{.service}}.two", "80"), 2);

    assertThat(catalogue.hosts()).contains("backend.one", "backend.two");
  }

  @Test
  void aPolicyOnADefaultNameAddsItsPortToThatNamesAddress() {
    Catalogue catalogue =
        mesh.with(outbound("more", ANY, "{{.service}}.mesh", "8080"), 1)
            .with(address("backend.mesh", 1));

    assertThat(catalogue.reach(List.of()).listeners())
        .extracting(VirtualListener::port)
        .containsExactly(80, 8080);
    assertThat(catalogue.reach(List.of()).names()).hasSize(1);
  }

  @Test
  void aPolicyWinsOverADefaultName() {
    Catalogue catalogue = mesh.with(outbound("v1", V1, "{{.service}}.mesh", "80", "v=version"), 1);

    Name.Port port = port(catalogue, "backend.mesh", 80);

    assertThat(port.winner().tags()).isEqualTo(tags("backend", "version=v1"));
    assertThat(port.losers())
        .extracting(Claim::origin)
        .containsExactly(new Origin.DefaultName("backend", Origin.Spelling.EXACT));
  }

  @Test
  void twoThatLeadToTheSameTagsDoNotCollide() {
    Catalogue catalogue = mesh.with(outbound("same", ANY, "{{.service}}.mesh", "80"), 1);

    assertThat(port(catalogue, "backend.mesh", 80).losers()).isEmpty();
  }

  @Test
  void theHigherRankWinsMoreTagsFirstThenMoreValues() {
    Catalogue catalogue =
        mesh.with(outbound("values", V1, "x.mesh", "80", "v=version"), 1)
            .with(outbound("tags", V_ANY, "x.mesh", "80", "team=team"), 2)
            .with(outbound("few", ANY, "x.mesh", "80"), 3);

    Name.Port port = port(catalogue, "x.mesh", 80);

    assertThat(name(port.winner())).isEqualTo("values");
    assertThat(port.losers().stream().map(VirtualOutboundsTest::name))
        .containsExactly("tags", "tags", "few");
  }

  @Test
  void ofOneRankTheYoungestCreationWinsAndThenTheName() {
    VirtualOutbound old = outbound("old", ANY, "x.mesh", "80", "v=version");
    VirtualOutbound young = outbound("young", ANY, "x.mesh", "80", "t=team");
    VirtualOutbound alsoYoung = outbound("also-young", ANY, "x.mesh", "80");

    assertThat(name(port(mesh.with(old, 1).with(young, 2), "x.mesh", 80).winner()))
        .isEqualTo("young");
    assertThat(name(port(mesh.with(young, 2).with(old, 3), "x.mesh", 80).winner()))
        .isEqualTo("old");
    assertThat(
            name(port(mesh.with(young, 2).with(alsoYoung, 2).with(old, 1), "x.mesh", 80).winner()))
        .isEqualTo("also-young");
  }

  @Test
  void aCollisionIsDecidedByPolicyOrderNotByTheOrderOfDataplanes() {
    Catalogue catalogue =
        Catalogue.empty()
            .with(dataplane("a", "10.0.0.1", "first"))
            .with(dataplane("z", "10.0.0.2", "second", "version=v1"))
            .with(outbound("low", ANY, "x.mesh", "80"), 9)
            .with(outbound("high", V1, "x.mesh", "80"), 1);

    Name.Port port = port(catalogue, "x.mesh", 80);

    assertThat(name(port.winner())).isEqualTo("high");
    assertThat(port.winner().service()).isEqualTo("second");
  }

  @Test
  void aPolicyThatCollidesWithItselfIsDecidedByTags() {
    VirtualOutbound same = outbound("same", V_ANY, "x.mesh", "80", "v=version");

    Name.Port port = port(mesh.with(same, 1), "x.mesh", 80);

    assertThat(port.winner().tags()).isEqualTo(tags("backend", "version=v1"));
    assertThat(port.losers()).hasSize(1);
    assertThat(port(mesh.withoutDataplane("a").with(same, 1), "x.mesh", 80).losers()).isEmpty();
  }

  @Test
  void whenTheWinnerGoesTheNextOneTakesThePort() {
    Catalogue catalogue =
        mesh.with(outbound("v1", V1, "{{.service}}.mesh", "80", "v=version"), 1)
            .withoutVirtualOutbound("v1");

    assertThat(port(catalogue, "backend.mesh", 80).winner().origin())
        .isEqualTo(new Origin.DefaultName("backend", Origin.Spelling.EXACT));
    assertThat(catalogue.names()).isEqualTo(mesh.names());
  }

  @Test
  void anInboundWithoutATagThatIsPrintedIsSkippedAndShown() {
    Catalogue catalogue = mesh.with(outbound("team", ANY, "{{.t}}.mesh", "80", "t=team"), 1);

    assertThat(catalogue.hosts()).contains("x.mesh");
    assertThat(catalogue.names().skipped())
        .singleElement()
        .satisfies(
            skipped -> {
              assertThat(skipped.dataplane()).isEqualTo("b");
              assertThat(skipped.listener()).hasToString("10.0.0.2:8080");
              assertThat(skipped.origin()).isInstanceOf(Origin.Policy.class);
              assertThat(skipped.reason()).isEqualTo("the inbound has no tag \"team\"");
            });
  }

  @Test
  void reachableServicesAlsoLimitTheNamesOfPolicies() {
    Catalogue catalogue =
        mesh.with(dataplane("w", "10.0.0.9", "web"))
            .with(outbound("all", ANY, "{{.service}}.all", "80"), 1)
            .with(address("backend.all", 1))
            .with(address("web.all", 2));

    assertThat(catalogue.reach(List.of("web")).names()).containsOnlyKeys("web.all");
  }

  @Test
  void aHostThatSeveralServicesShareHasTheReachablePortsOnly() {
    Catalogue catalogue =
        mesh.with(dataplane("w", "10.0.0.9", "web", "port=81"))
            .with(dataplane("x", "10.0.0.8", "api", "port=82"))
            .with(outbound("shared", ANY, "shared.mesh", "{{.port}}", "port=port"), 1)
            .with(address("shared.mesh", 1));

    assertThat(catalogue.reach(List.of()).listeners())
        .extracting(VirtualListener::port)
        .containsExactly(81, 82);
    assertThat(catalogue.reach(List.of("api")).listeners())
        .extracting(VirtualListener::port)
        .containsExactly(82);
  }

  private static String name(Claim claim) {
    return claim.origin() instanceof Origin.Policy policy ? policy.name() : "";
  }

  private static Name.Port port(Catalogue catalogue, String host, int port) {
    return catalogue.names().names().stream()
        .filter(name -> name.host().equals(host))
        .flatMap(name -> name.ports().stream())
        .filter(each -> each.port() == port)
        .findFirst()
        .orElseThrow();
  }
}
