package io.sluice.resources.virtualoutbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.resources.virtualoutbound.Naming.Result.Named;
import io.sluice.resources.virtualoutbound.Naming.Result.Nameless;
import io.sluice.resources.virtualoutbound.VirtualOutbound.Conf;
import io.sluice.resources.virtualoutbound.VirtualOutbound.Parameter;
import io.sluice.resources.virtualoutbound.VirtualOutbound.Rank;
import io.sluice.resources.virtualoutbound.VirtualOutbound.Selector;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class NamingTest {

  private static final Parameter SERVICE = new Parameter("service", "kuma.io/service");

  @Test
  void anInboundIsReachedByExactlyTheParametersTagsUsedOrNot() {
    Naming naming =
        naming("{{.service}}.mesh", "80", SERVICE, new Parameter("version", null), zone());

    assertThat(naming.name(tags("kuma.io/service", "web", "version", "v1", "team", "a")))
        .isEqualTo(new Named("web.mesh", 80, tags("kuma.io/service", "web", "version", "v1")));
  }

  @Test
  void aMissingTagThatATemplatePrintsSkipsTheInbound() {
    assertThat(
            naming("{{.service}}.{{.z}}", "80", SERVICE, zone())
                .name(tags("kuma.io/service", "web")))
        .isEqualTo(new Nameless("the inbound has no tag \"zone\""));
    assertThat(naming("web", "{{.z}}", SERVICE, zone()).name(tags("kuma.io/service", "web")))
        .isEqualTo(new Nameless("the inbound has no tag \"zone\""));
  }

  @Test
  void aValueThatMakesNoNameOrNoPortSkipsTheInbound() {
    assertThat(naming("{{.service}}.mesh", "80", SERVICE).name(tags("kuma.io/service", "a:b")))
        .isEqualTo(new Nameless("\"a:b.mesh\" is no DNS name"));
    assertThat(
            naming("{{.service}}.mesh", "{{.z}}", SERVICE, zone())
                .name(tags("kuma.io/service", "web", "zone", "east")))
        .isEqualTo(new Nameless("\"east\" is no port; one is 1 to 65535"));
  }

  @Test
  void theHostIsInLowerCaseWithoutADotAtItsEnd() {
    assertThat(naming("{{.service}}.Mesh.", "80", SERVICE).name(tags("kuma.io/service", "Web")))
        .isEqualTo(new Named("web.mesh", 80, tags("kuma.io/service", "Web")));
  }

  @Test
  void theRankIsThatOfTheBestSelectorMoreTagsThenMoreValues() {
    VirtualOutbound outbound =
        outbound(
            new Conf("h", "80", List.of(SERVICE)),
            List.of(
                tags("kuma.io/service", "web"),
                tags("kuma.io/service", "*", "version", "*"),
                tags("kuma.io/service", "web", "version", "*"),
                tags("kuma.io/service", "other", "version", "v1", "zone", "*")));

    assertThat(outbound.rank(tags("kuma.io/service", "web", "version", "v1")))
        .contains(new Rank(2, 1));
    assertThat(outbound.rank(tags("kuma.io/service", "web"))).contains(new Rank(1, 1));
    assertThat(outbound.rank(tags("kuma.io/service", "api"))).isEmpty();
    assertThat(new Rank(2, 0)).isGreaterThan(new Rank(1, 1));
    assertThat(new Rank(2, 1)).isGreaterThan(new Rank(2, 0));
  }

  private static Parameter zone() {
    return new Parameter("z", "zone");
  }

  private static Naming naming(String host, String port, Parameter... parameters) {
    try {
      return Naming.of(outbound(new Conf(host, port, List.of(parameters)), List.of()));
    } catch (Template.Malformed e) {
      throw new AssertionError(e);
    }
  }

  private static VirtualOutbound outbound(Conf conf, List<SortedMap<String, String>> matches) {
    return new VirtualOutbound(
        "default", "test", new TreeMap<>(), matches.stream().map(Selector::new).toList(), conf);
  }

  private static SortedMap<String, String> tags(String... keysAndValues) {
    SortedMap<String, String> tags = new TreeMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      tags.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return tags;
  }
}
