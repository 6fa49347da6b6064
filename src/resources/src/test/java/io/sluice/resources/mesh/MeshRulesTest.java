package io.sluice.resources.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.resources.Judged;
import org.junit.jupiter.api.Test;

class MeshRulesTest {

  @Test
  void aNameHasAtMost63Characters() {
    assertThat(Judged.yaml("type: Mesh\nname: " + "m".repeat(64) + "\n").violations())
        .containsExactly("name: cannot be longer than 63 characters; it has 64");
    assertThat(Judged.yaml("type: Mesh\nname: " + "m".repeat(63) + "\n").violations()).isEmpty();
  }

  @Test
  void aMeshBelongsToNoMesh() {
    assertThat(Judged.mesh("mesh: default").violations())
        .singleElement()
        .asString()
        .startsWith("mesh: unknown field");
    assertThat(Judged.mesh("mesh: ''").violations()).isEmpty();
  }

  @Test
  void mutualTlsHasAtMostOneBackendAndEnablesOneOfThem() {
    assertThat(
            Judged.mesh(
                    "mtls: {enabledBackend: c, backends: [{name: a, type: builtin}, {name: a, type: vault}]}")
                .violations())
        .containsExactly(
            "mtls.backends: cannot have more than 1 backends; it has 2",
            "mtls.backends[1].name: \"a\" name is already used for another backend",
            "mtls.backends[1].type: could not find installed plugin for this type: \"vault\"; allowed: builtin, provided",
            "mtls.enabledBackend: has to be set to one of the backends in the mesh: a; it is \"c\"");
  }

  @Test
  void mutualTlsIsTakenWithAWarningThatNothingIsEncrypted() {
    assertThat(
            Judged.mesh("mtls: {enabledBackend: a, backends: [{name: a, type: builtin}]}")
                .warnings())
        .containsExactly(
            "mtls: is kept but has no effect yet: traffic between dataplanes is not encrypted");
  }

  @Test
  void aCertificatesLifetimeIsADuration() {
    assertThat(
            Judged.mesh(
                    "mtls: {backends: [{name: a, type: builtin, dpCert: {rotation: {expiration: 2e}}}]}")
                .violations())
        .singleElement()
        .asString()
        .startsWith("mtls.backends[0].dpCert.rotation.expiration: has to be a valid format");
  }

  @Test
  void zoneEgressNeedsMutualTls() {
    assertThat(Judged.mesh("routing: {zoneEgress: true}").violations())
        .containsExactly("mtls: has to be set when zoneEgress enabled");
  }

  @Test
  void theDefaultBackendIsOneOfTheBackends() {
    assertThat(
            Judged.mesh(
                    "tracing: {defaultBackend: x, backends: [{name: t, sampling: 101, conf: {}}]}\nlogging: {defaultBackend: x, backends: [{name: }]}\nmetrics: {enabledBackend: x, backends: [{name: p, type: statsd}]}")
                .violations())
        .containsExactly(
            "tracing.backends[0].sampling: has to be in [0.0 - 100.0] range; it is 101.0",
            "tracing.defaultBackend: has to be set to one of the tracing backend in mesh: t; it is \"x\"",
            "logging.backends[0].name: cannot be empty",
            "logging.defaultBackend: has to be set to one of the logging backend in mesh: there are none; it is \"x\"",
            "metrics.backends[0].type: unknown backend type. Available backends: \"prometheus\"; it is \"statsd\"",
            "metrics.enabledBackend: has to be set to one of the backends in the mesh: p; it is \"x\"");
  }

  @Test
  void constraintsHaveTags() {
    assertThat(
            Judged.mesh(
                    "constraints: {dataplaneProxy: {requirements: [{}, {tags: {'': ''}}], restrictions: [{tags: {'!': '!'}}]}}")
                .violations())
        .containsExactly(
            "constraints.dataplaneProxy.requirements[0].tags: must have at least one tag",
            "constraints.dataplaneProxy.requirements[1].tags: tag name must be non-empty",
            "constraints.dataplaneProxy.requirements[1].tags[\"\"]: tag value must be non-empty",
            "constraints.dataplaneProxy.restrictions[0].tags[\"!\"]: tag name must consist of alphanumeric characters, dots, dashes, slashes and underscores (colons are allowed too)",
            "constraints.dataplaneProxy.restrictions[0].tags[\"!\"]: tag value must consist of alphanumeric characters, dots, dashes, slashes and underscores or be \"*\", not \"!\"");
  }
}
