package io.sluice.resources.mesh;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.resources.Resource;
import io.sluice.resources.codec.ResourceReader;
import io.sluice.resources.dataplane.Dataplane;
import io.sluice.resources.document.DocumentReader;
import io.sluice.resources.document.Format;
import io.sluice.resources.validation.Violation;
import java.util.List;
import org.junit.jupiter.api.Test;

class MembershipTest {

  private static final String INBOUNDS =
      "inbound: [{port: 80, tags: {kuma.io/service: a, env: dev}}, {port: 81, tags: {kuma.io/service: b}}]";

  @Test
  void aMeshWithoutConstraintsTakesEveryone() {
    assertThat(violations("{}", INBOUNDS)).isEmpty();
  }

  @Test
  void everyInboundMeetsOneOfTheRequirements() {
    assertThat(violations("{requirements: [{tags: {env: prod}}, {tags: {env: '*'}}]}", INBOUNDS))
        .containsExactly(
            new Violation(
                "networking.inbound[1].tags",
                "data plane proxy cannot join mesh \"m\": its tags {kuma.io/service=b} meet none of"
                    + " the mesh's requirements: {env=prod} or {env=*}"));
  }

  @Test
  void noInboundMeetsARestriction() {
    assertThat(violations("{restrictions: [{tags: {kuma.io/service: '*', env: dev}}]}", INBOUNDS))
        .extracting(Violation::field)
        .containsExactly("networking.inbound[0].tags");
  }

  @Test
  void aGatewaysTagsCountToo() {
    assertThat(
            violations(
                "{requirements: [{tags: {env: prod}}]}",
                "gateway: {tags: {kuma.io/service: edge}}"))
        .extracting(Violation::field)
        .containsExactly("networking.gateway.tags");
  }

  private static List<Violation> violations(String constraints, String networking) {
    Mesh mesh =
        (Mesh) read("type: Mesh\nname: m\nconstraints: {dataplaneProxy: " + constraints + "}");
    Dataplane dataplane =
        (Dataplane)
            read(
                "type: Dataplane\nmesh: m\nname: d\nnetworking:\n  address: 10.0.0.1\n  "
                    + networking);
    return Membership.violations(mesh, dataplane);
  }

  private static Resource read(String yaml) {
    return ResourceReader.stored(DocumentReader.read(yaml.getBytes(UTF_8), Format.YAML));
  }
}
