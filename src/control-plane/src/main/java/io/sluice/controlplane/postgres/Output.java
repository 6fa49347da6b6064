package io.sluice.controlplane.postgres;

import io.sluice.controlplane.start.StartFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a program printed, both streams together, and how it ended. */
record Output(List<String> command, int status, String text) {

  static Output of(List<String> command) throws IOException, InterruptedException {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new StartFailure(
          "The program " + command.getFirst() + " can't be started: " + e.getMessage(),
          switch (command.getFirst()) {
            case "setpriv" -> "Install it: apt-get install util-linux";
            case "useradd" -> "Install it: apt-get install passwd (elsewhere shadow-utils, shadow)";
            default ->
                "Check that the file exists and that its file system allows programs (no noexec).";
          },
          e);
    }
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Output(command, process.waitFor(), text.strip());
  }

  void requireSuccess(String otherwise) {
    if (status != 0) {
      throw new StartFailure(
          otherwise + "\n" + text, "Mend what the message names (space, rights) and start again.");
    }
  }
}
