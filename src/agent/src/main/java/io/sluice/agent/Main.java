package io.sluice.agent;

import io.sluice.agent.host.Log;
import io.sluice.agent.host.StateFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/** The command {@code sluice-agent}. */
public final class Main {

  private Main() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(run(List.of(arguments), System.getenv(), System.out, System.err));
  }

  static int run(
      List<String> arguments, Map<String, String> environment, PrintStream out, PrintStream err) {
    Log log = new Log(err);
    try {
      Options options = Options.parse(arguments, environment);
      if (options.has("help")) {
        out.print(Usage.TEXT);
        return ExitCode.OK;
      }
      if (options.has("version")) {
        out.println("sluice-agent " + Version.text());
        return ExitCode.OK;
      }
      return switch (options.command()) {
        case "run" -> new RunCommand(options, log).run();
        case "once" ->
            options.has("dry-run")
                ? new PlanCommand(options, out, err).run()
                : new RunCommand(options, log).run();
        case "plan" -> new PlanCommand(options, out, err).run();
        case "boot" -> new BootCommand(options, log).run();
        case "status" -> new StatusCommand(options, out).run();
        case "doctor" -> new DoctorCommand(options, out).run();
        case "uninstall" -> new UninstallCommand(options, out, log).run();
        default -> new SetupCommand(options, out).run();
      };
    } catch (UsageException e) {
      err.println("sluice-agent: " + e.getMessage());
      err.println("Try: sluice-agent --help");
      // Of plan this number says that there is a difference.
      return arguments.contains("plan") ? ExitCode.FAILED : ExitCode.USAGE;
    } catch (StateFolder.HeldException e) {
      err.println("sluice-agent: " + e.getMessage());
      return ExitCode.HELD;
    } catch (IOException e) {
      err.println("sluice-agent: " + e.getMessage());
      return ExitCode.FAILED;
    }
  }
}
