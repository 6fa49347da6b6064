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

/**
 * As whom the embedded PostgreSQL runs. It refuses to run as root, so root hands it to a system
 * user of its own.
 *
 * @param other the user, if it is not the one that runs this process
 */
record ServerUser(Optional<String> other) {

  static final String NAME = "sluice-postgres";

  static ServerUser choose() {
    if (!isRoot()) {
      return new ServerUser(Optional.empty());
    }
    try {
      Path root = Path.of("/");
      root.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(NAME);
      return new ServerUser(Optional.of(NAME));
    } catch (UserPrincipalNotFoundException e) {
      throw new StartFailure(
          "PostgreSQL never runs as root, and the user " + NAME + " does not exist.",
          "Make it: useradd --system --user-group --no-create-home --shell /usr/sbin/nologin "
              + NAME
              + "  (or start the control plane as another user than root)",
          e);
    } catch (IOException e) {
      throw new StartFailure(
          "The user " + NAME + " can't be looked up: " + e.getMessage(), "Check /etc/passwd.", e);
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
