package io.sluice.acceptance.topology;

import io.sluice.acceptance.process.Command;
import java.util.List;
import java.util.stream.Stream;

/** The users and the group that Sluice makes on a machine; {@code getent} and its kin know them. */
final class Accounts {

  private static final List<String> USERS =
      List.of("sluice-proxy", "sluice-dns", "sluice-postgres");
  private static final List<String> GROUPS =
      List.of("sluice", "sluice-proxy", "sluice-dns", "sluice-postgres");

  private Accounts() {}

  /** Those that the machine does not have, as {@code user NAME} and {@code group NAME}. */
  static List<String> absent() {
    return Stream.concat(
            USERS.stream().map(name -> "user " + name),
            GROUPS.stream().map(name -> "group " + name))
        .filter(account -> !exists(account))
        .toList();
  }

  /** Removes those of the accounts that are there now. */
  static void remove(List<String> accounts) {
    for (String kind : List.of("user", "group")) { // users first: a group may be somebody's primary
      accounts.stream()
          .distinct()
          .filter(account -> account.startsWith(kind + " "))
          .filter(Accounts::exists)
          .forEach(account -> Command.run(kind + "del", account.substring(kind.length() + 1)));
    }
  }

  private static boolean exists(String account) {
    String[] kindAndName = account.split(" ", 2);
    String database = kindAndName[0].equals("user") ? "passwd" : "group";
    return Command.attempt(List.of("getent", database, kindAndName[1])).status() == 0;
  }
}
