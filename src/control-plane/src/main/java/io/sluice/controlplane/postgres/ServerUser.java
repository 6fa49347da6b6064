package io.sluice.controlplane.postgres;

import io.sluice.controlplane.start.StartFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * As whom the embedded PostgreSQL runs. It refuses to run as root, so root hands it to a system
 * user of its own.
 *
 * @param other the user, if it is not the one that runs this process
 */
record ServerUser(Optional<String> other) {

  private static final Logger log = LoggerFactory.getLogger(ServerUser.class);
  private static final String NAME = "sluice-postgres";

  /**
   * Whoever runs this process; for root the system user, which is made on a machine that has none.
   *
   * @throws StartFailure if it can't be made
   */
  static ServerUser choose() {
    return isRoot() ? existing(NAME) : new ServerUser(Optional.empty());
  }

  /** A system user that may have to be made first. */
  static ServerUser existing(String name) {
    if (!exists(name)) {
      make(name);
    }
    return new ServerUser(Optional.of(name));
  }

  private static void make(String name) {
    List<String> command =
        List.of(
            "useradd",
            "--system",
            "--user-group",
            "--no-create-home",
            "--shell",
            "/usr/sbin/nologin",
            name);
    String refused;
    try {
      Output made = Output.of(command);
      // Another control plane that starts on this machine may have been quicker.
      if (made.status() == 0 || exists(name)) {
        log.info("event=user-made user={} reason=\"PostgreSQL never runs as root\"", name);
        return;
      }
      refused = made.text();
    } catch (IOException e) {
      refused = String.valueOf(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      refused = "interrupted";
    }
    throw new StartFailure(
        "PostgreSQL never runs as root, and the user " + name + " can't be made: " + refused,
        "Make it, or start the control plane as another user than root: "
            + String.join(" ", command));
  }

  private static boolean exists(String name) {
    try {
      Path.of("/").getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(name);
      return true;
    } catch (UserPrincipalNotFoundException e) {
      return false;
    } catch (IOException e) {
      throw new StartFailure(
          "The user " + name + " can't be looked up: " + e.getMessage(), "Check /etc/passwd.", e);
    }
  }

  static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  /** A command line that runs a program as this user. */
  List<String> command(String... program) {
    return command(List.of(), program);
  }

  /** The same, and the program gets SIGINT when the thread that started it ends. */
  List<String> commandThatEndsWithUs(String... program) {
    return command(List.of("--pdeathsig", "INT"), program);
  }

  private List<String> command(List<String> options, String... program) {
    List<String> command = new ArrayList<>();
    if (other.isPresent() || !options.isEmpty()) {
      command.add("setpriv");
    }
    other.ifPresent(
        user -> command.addAll(List.of("--reuid", user, "--regid", user, "--clear-groups")));
    command.addAll(options);
    command.addAll(List.of(program));
    return command;
  }

  /** Makes an empty folder that belongs to this user alone. */
  void makeFolder(Path folder) throws IOException {
    Files.createDirectories(folder);
    if (other.isPresent()) {
      PosixFileAttributeView view =
          Files.getFileAttributeView(folder, PosixFileAttributeView.class);
      view.setOwner(
          folder
              .getFileSystem()
              .getUserPrincipalLookupService()
              .lookupPrincipalByName(other.orElseThrow()));
    }
    Files.setPosixFilePermissions(
        folder, java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
  }

  /** Refuses a folder that this user can't reach, before PostgreSQL says so less clearly. */
  void requireEntry(Path folder) throws IOException, InterruptedException {
    if (other.isEmpty()) {
      return;
    }
    Process test = new ProcessBuilder(command("test", "-x", folder.toString())).start();
    if (test.waitFor() != 0) {
      throw new StartFailure(
          "The user " + other.get() + " can't enter the data folder " + folder + ".",
          "Let others pass each folder above it (chmod o+x …), or choose another with --data DIR.");
    }
  }
}
