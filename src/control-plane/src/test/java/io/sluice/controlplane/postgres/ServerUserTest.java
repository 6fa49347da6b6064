package io.sluice.controlplane.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.controlplane.start.StartFailure;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ServerUserTest {

  private final String name = "sluice-test-" + ProcessHandle.current().pid();

  @AfterEach
  void removeTheUser() throws Exception {
    Output.of(List.of("userdel", name));
  }

  @Test
  void aMachineThatLacksTheUserGetsIt() throws Exception {
    ServerUser user = ServerUser.existing(name);

    Output ran = Output.of(user.command("id", "--user", "--name"));
    assertThat(ran.text()).isEqualTo(name);
    assertThat(ServerUser.existing(name)).as("the second time").isEqualTo(user);
  }

  @Test
  void whatCanNotBeMadeIsSaidWithTheCommandThatWould() {
    assertThatThrownBy(() -> ServerUser.existing("no user"))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("the user no user can't be made")
        .hasMessageContaining("invalid user name");
  }
}
