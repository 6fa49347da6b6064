package io.sluice.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.facts.Survey;
import io.sluice.agent.firewall.Backend;
import io.sluice.agent.host.Log;
import io.sluice.agent.protocol.ControlPlane;
import io.sluice.agent.resolver.Dnsmasq;
import io.sluice.agent.resolver.Upstreams;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The facts of a host on which a program takes its time to answer; needs what setup makes. */
@Tag("host")
class FactsSenderTest {

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init") // JUnit sets the field before each test.
  FactsSenderTest() {}

  @Test
  void whoTellsOfChangedRulesDoesNotWaitForALookAtTheHost() throws Exception {
    Path asked = folder.resolve("asked");
    Path answer = folder.resolve("answer");
    Path slow = folder.resolve("slow");
    Files.writeString(
        slow,
        "#!/bin/sh\n: >'%s'\nwhile [ ! -e '%s' ]; do sleep 0.05; done\necho Dnsmasq version 1\n"
            .formatted(asked, answer));
    Files.setPosixFilePermissions(slow, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (FakeControlPlane server = new FakeControlPlane();
        ControlPlane controlPlane =
            new ControlPlane(
                server.address(), server.fingerprint(), FakeControlPlane.TOKEN, "test")) {
      Survey survey =
          new Survey(
              Backend.NF_TABLES,
              new Dnsmasq(slow.toString()),
              new Upstreams(Path.of("/etc/resolv.conf")));
      FactsSender facts = new FactsSender(survey, controlPlane, new Log(System.err));
      Thread look = started(() -> assertThat(facts.newest().text()).contains("resolver=dnsmasq 1"));
      while (!Files.exists(asked)) {
        assertThat(look.isAlive()).as("the look at the host goes on").isTrue();
        Thread.sleep(10);
      }

      Thread teller = started(facts::rulesMayHaveChanged);

      assertThat(teller.join(Duration.ofSeconds(5))).as("it does not wait").isTrue();
      assertThat(look.isAlive()).isTrue();
      Files.createFile(answer);
      look.join();
    }
  }

  private static Thread started(NetworkNamespace.Work work) {
    return Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                work.run();
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
  }
}
