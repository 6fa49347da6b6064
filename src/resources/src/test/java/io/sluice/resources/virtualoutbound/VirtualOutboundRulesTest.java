package io.sluice.resources.virtualoutbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.resources.Judged;
import java.util.List;
import org.junit.jupiter.api.Test;

class VirtualOutboundRulesTest {

  private static final String VALID =
      """
      type: VirtualOutbound
      mesh: default
      name: by-version
      selectors:
      - match:
          kuma.io/service: "*"
      conf:
        host: "{{.service}}.{{.version}}.mesh"
        port: "{{.port}}"
        parameters:
        - name: service
          tagKey: kuma.io/service
        - name: version
        - name: port
          tagKey: port
      """;

  @Test
  void whatKumasUsersWriteIsValid() {
    assertThat(Judged.yaml(VALID)).isEqualTo(new Judged(List.of(), List.of()));
  }

  @Test
  void aSelectorIsNeededAndHasTags() {
    assertThat(violations(VALID.replaceAll("(?s)selectors:.*conf:", "conf:")))
        .containsExactly("selectors: must have at least one element");
    assertThat(violations(VALID.replace("\n    kuma.io/service: \"*\"", " {}")))
        .containsExactly("selectors[0].match: must have at least one tag");
  }

  @Test
  void oneParameterIsTheServicesTag() {
    assertThat(violations(VALID.replace("tagKey: kuma.io/service", "tagKey: service")))
        .singleElement()
        .asString()
        .startsWith("conf.parameters: must have one element with tagKey: kuma.io/service");
  }

  @Test
  void parametersAreAlphanumericAndUnique() {
    assertThat(violations(VALID + "  - name: a-b\n  - name: port\n"))
        .containsExactly(
            "conf.parameters[3].name: must be alphanumeric, not \"a-b\"",
            "conf.parameters[4].name: must be unique; another parameter is \"port\" too");
  }

  @Test
  void aTagKeyIsTheNameOfATag() {
    assertThat(violations(VALID.replace("tagKey: port", "tagKey: 'my port'")))
        .containsExactly(
            "conf.parameters[2].tagKey: tag name must consist of alphanumeric characters, dots,"
                + " dashes, slashes and underscores (colons are allowed too)");
  }

  @Test
  void templatesReferToParametersOnly() {
    assertThat(violations(VALID.replace("{{.version}}", "{{.verion}}")))
        .containsExactly(
            "conf.host: refers to \"verion\", which is no parameter; conf.parameters has port,"
                + " service, version");
  }

  @Test
  void moreThanTextAndParametersIsAnErrorWithItsPlace() {
    assertThat(violations(VALID.replace("{{.version}}", "{{.version | printf}}")))
        .singleElement()
        .asString()
        .startsWith("conf.host: character 14, \"{{.version | printf}}\": pipes");
  }

  @Test
  void theHostIsADnsNameInAnyDomain() {
    assertThat(violations(VALID.replace(".mesh", ".Example.com."))).isEmpty();
    assertThat(violations(VALID.replace(".mesh", "/x")))
        .containsExactly(
            "conf.host: must be a DNS name once parameters have values; with \"dummy\" for each it"
                + " is \"dummy.dummy/x\"");
    assertThat(violations(VALID.replace("{{.service}}.{{.version}}.mesh", "10.0.0.1"))).hasSize(1);
    assertThat(violations(VALID.replace("\"{{.service}}.{{.version}}.mesh\"", "\"\""))).hasSize(1);
  }

  @Test
  void thePortIsOneOnceParametersHaveValues() {
    assertThat(violations(VALID.replace("\"{{.port}}\"", "\"8080\""))).isEmpty();
    assertThat(violations(VALID.replace("\"{{.port}}\"", "\"70000\"")))
        .containsExactly(
            "conf.port: must be a port from 1 to 65535 once parameters have values; with \"1\" for"
                + " each it is \"70000\"");
    assertThat(violations(VALID.replace("\"{{.port}}\"", "\"http\""))).hasSize(1);
  }

  private static List<String> violations(String yaml) {
    return Judged.yaml(yaml).violations();
  }
}
