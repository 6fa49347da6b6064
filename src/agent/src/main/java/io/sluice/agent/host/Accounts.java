package io.sluice.agent.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Users and groups of this host. */
public final class Accounts {

  /** The primary group of all of Sluice's processes, which the rules exempt. */
  public static final String GROUP = "sluice";

  /** The user of Envoy unless an operator decides otherwise. */
  public static final String PROXY_USER = "sluice-proxy";

  /** The user of the resolver. */
  public static final String RESOLVER_USER = "sluice-dns";

  private Accounts() {}

  /** A user's numbers. */
  public record User(String name, long uid, long gid) {}

  /** The user with this name or UID. */
  public static Optional<User> user(String nameOrUid) throws IOException {
    for (String line : Files.readAllLines(Path.of("/etc/passwd"))) {
      String[] fields = line.split(":", -1);
      if (fields.length > 3 && (fields[0].equals(nameOrUid) || fields[2].equals(nameOrUid))) {
        return Optional.of(
            new User(fields[0], Long.parseLong(fields[2]), Long.parseLong(fields[3])));
      }
    }
    return Optional.empty();
  }

  /** A group's number. */
  public static Optional<Long> group(String name) throws IOException {
    for (String line : Files.readAllLines(Path.of("/etc/group"))) {
      String[] fields = line.split(":", -1);
      if (fields.length > 2 && fields[0].equals(name)) {
        return Optional.of(Long.valueOf(fields[2]));
      }
    }
    return Optional.empty();
  }

  /** The effective user and group of this process. */
  public static User self() throws IOException {
    long uid = -1;
    long gid = -1;
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      String[] fields = line.split("\\s+", -1);
      if (fields[0].equals("Uid:")) {
        uid = Long.parseLong(fields[2]);
      } else if (fields[0].equals("Gid:")) {
        gid = Long.parseLong(fields[2]);
      }
    }
    return new User(System.getProperty("user.name"), uid, gid);
  }
}
