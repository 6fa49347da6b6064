package io.sluice.agent.resolver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpstreamsTest {

  @TempDir Path folder;

  @Test
  void areTheServersOfResolvConfInItsOrderAndOnce() throws Exception {
    assertThat(
            servers(
                """
                # nameserver 10.0.0.9
                search example
                nameserver 10.0.0.2
                nameserver\tfd00::53
                nameserver 10.0.0.2
                nameserver not.an.address
                nameserver
                """))
        .containsExactly("10.0.0.2", "fd00::53");
  }

  @Test
  void behindAStubAreTheServersThatItAsks() throws Exception {
    write("systemd/resolve/resolv.conf", "nameserver 10.0.0.3\nnameserver fe80::1%eth0\n");
    write("NetworkManager/no-stub-resolv.conf", "nameserver 10.0.0.4\n");

    assertThat(servers("nameserver 127.0.0.53\n")).containsExactly("10.0.0.3", "fe80::1%eth0");
    assertThat(servers("nameserver 127.0.0.1\n")).containsExactly("10.0.0.4");
  }

  @Test
  void ofAStubThatAsksNobodyAreNone() throws Exception {
    assertThat(servers("nameserver 127.0.0.53\n")).isEmpty();
  }

  @Test
  void includeAProgramOfTheHostThatIsNoStub() throws Exception {
    assertThat(servers("nameserver 127.0.0.1\n")).containsExactly("127.0.0.1");
  }

  @Test
  void haveNoInterfacesForRules() throws Exception {
    write("resolv.conf", "nameserver fe80::1%eth0\nnameserver fe80::1%eth1\n");

    assertThat(new Upstreams(folder.resolve("resolv.conf"), folder).addresses())
        .containsExactly("fe80::1");
  }

  private List<String> servers(String resolvConf) throws IOException {
    write("resolv.conf", resolvConf);
    return new Upstreams(folder.resolve("resolv.conf"), folder).servers();
  }

  private void write(String file, String text) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.resolveSibling("."));
    Files.writeString(path, text);
  }
}
