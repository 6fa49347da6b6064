package io.sluice.controlplane;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a start's arguments ask for. The options people need stand for settings of the same meaning;
 * every setting can also be given by its own name, as {@code --sluice.name=value}.
 */
sealed interface CommandLine {

  /** Run with these settings, as Spring takes them. */
  record Run(List<String> settings) implements CommandLine {

    /** Copies the settings. */
    public Run {
      settings = List.copyOf(settings);
    }
  }

  /** Say how the program is used. */
  record Help() implements CommandLine {}

  /** Say which release this is. */
  record Version() implements CommandLine {}

  /** The arguments make no sense. */
  record Mistake(String message) implements CommandLine {}

  /** Reads the arguments; the first mistake ends it. */
  static CommandLine parse(List<String> arguments) {
    List<String> settings = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument.equals("--help") || argument.equals("-h")) {
        return new Help();
      }
      if (argument.equals("--version")) {
        return new Version();
      }
      int equals = argument.indexOf('=');
      String name = equals < 0 ? argument : argument.substring(0, equals);
      if (isSetting(name)) {
        settings.add(argument);
        continue;
      }
      Optional<Option> option = Option.of(name);
      if (option.isEmpty()) {
        return new Mistake(unknown(name));
      }
      if (equals < 0 && i + 1 == arguments.size()) {
        return new Mistake("The option " + name + " needs a value: " + option.get().usage());
      }
      String value = equals < 0 ? arguments.get(++i) : argument.substring(equals + 1);
      Optional<String> problem = option.get().problem(value);
      if (problem.isPresent()) {
        return new Mistake(problem.get());
      }
      settings.add("--" + option.get().setting() + "=" + value);
    }
    return new Run(settings);
  }

  private static boolean isSetting(String name) {
    return name.startsWith("--")
        && (name.contains(".") || name.equals("--debug") || name.equals("--trace"));
  }

  private static String unknown(String name) {
    return "There is no option "
        + name
        + "; there are "
        + Option.ALL.keySet().stream().collect(Collectors.joining(", "))
        + ", --help and --version.";
  }

  /** How the program is used. */
  static String help() {
    StringBuilder text =
        new StringBuilder(
            """
            Usage: sluice-control-plane [OPTION VALUE]... [--SETTING=VALUE]...

            Runs Sluice's control plane until SIGTERM or Ctrl-C.

            """);
    for (Option option : Option.ALL.values()) {
      text.append("  %-26s %s%n".formatted(option.usage(), option.meaning()));
    }
    return text.append(
            """
              --help                     this text
              --version                  the release

            Each is also a setting (--sluice.data=DIR) and an environment variable (SLUICE_DATA,
            SLUICE_DATABASE_URL, SLUICE_DATABASE_USERNAME, SLUICE_DATABASE_PASSWORD, ...);
            docs/operations.md lists them all.

            Exit status: 0 after a stop that was asked for, 1 if it could not start, 2 for a mistake
            in the arguments, 143 after SIGTERM.
            """)
        .toString();
  }

  /**
   * An option that stands for a setting.
   *
   * @param usage as help shows it
   */
  record Option(String usage, String setting, Kind kind, String meaning) {

    private static final int LARGEST_PORT = 65535;

    static final Map<String, Option> ALL = all();

    private static Map<String, Option> all() {
      Map<String, Option> options = new LinkedHashMap<>();
      List<Option> inOrder =
          List.of(
              new Option("--port PORT", "sluice.port", Kind.PORT, "operators' API (5681)"),
              new Option(
                  "--bind ADDRESS",
                  "sluice.bind",
                  Kind.TEXT,
                  "its address (127.0.0.1); others need an admin token"),
              new Option(
                  "--agents-port PORT", "sluice.agents.port", Kind.PORT, "agents' listener (5678)"),
              new Option(
                  "--data DIR",
                  "sluice.data",
                  Kind.TEXT,
                  "folder of the embedded database (/var/lib/sluice for root,"
                      + " else $XDG_DATA_HOME/sluice)"),
              new Option(
                  "--database-url URL",
                  "sluice.database.url",
                  Kind.TEXT,
                  "jdbc:postgresql://HOST/DATABASE, instead of the embedded one"));
      inOrder.forEach(option -> options.put(option.usage().split(" ", 2)[0], option));
      return options;
    }

    static Optional<Option> of(String name) {
      return Optional.ofNullable(ALL.get(name));
    }

    Optional<String> problem(String value) {
      if (value.isBlank() || (value.startsWith("--") && kind == Kind.TEXT)) {
        return Optional.of("The option " + usage + " needs a value, not \"" + value + "\".");
      }
      if (kind == Kind.PORT && !isPort(value)) {
        return Optional.of(
            "%s: \"%s\" is no port; give a number from 0 (any free one) to %d."
                .formatted(usage, value, LARGEST_PORT));
      }
      return Optional.empty();
    }

    private static boolean isPort(String value) {
      return value.matches("\\d{1,5}") && Integer.parseInt(value) <= LARGEST_PORT;
    }
  }

  /** What an option's value is. */
  enum Kind {
    PORT,
    TEXT
  }
}
