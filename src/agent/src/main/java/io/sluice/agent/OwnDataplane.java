package io.sluice.agent;

import io.sluice.agent.host.HostFiles;
import io.sluice.agent.protocol.ControlPlane;
import io.sluice.agent.protocol.ControlPlane.Registration;
import io.sluice.agent.protocol.Poll;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The Dataplane that this agent stands for: it registers it if it was given the document, and
 * remembers for {@code status} that it is no more though no operator deleted it.
 */
final class OwnDataplane {

  /** What brings a host's Dataplane back, or ends what it has. */
  static final String REMEDY =
      "put the Dataplane again, and the host goes on; or run sluice-agent uninstall";

  private static final String FILE = "dataplane-lost";

  private final Path state;
  private final Optional<Document> document;
  private boolean lost;

  /** What there is to register, as it was read when the agent started. */
  private static final class Document {
    private final Path file;
    private final byte[] text;
    private final String type;
    private final Map<String, String> query;

    private Document(Path file, byte[] text, String type, Map<String, String> query) {
      this.file = file;
      this.text = text;
      this.type = type;
      this.query = query;
    }

    private Registration register(ControlPlane controlPlane) {
      return controlPlane.register(text, type, query);
    }
  }

  private OwnDataplane(Path state, Optional<Document> document) throws IOException {
    this.state = state;
    this.document = document;
    this.lost = lost(state).isPresent();
  }

  /** The one that the options name, if they do. */
  static OwnDataplane of(Options options, Path state) throws UsageException, IOException {
    Optional<String> file = options.value("dataplane-file");
    if (file.isEmpty()) {
      if (!options.variables().isEmpty()) {
        throw new UsageException("--dataplane-var is only of use with --dataplane-file");
      }
      return new OwnDataplane(state, Optional.empty());
    }
    Path path = Path.of(file.get());
    if (!Files.isReadable(path)) {
      throw new UsageException("the file " + path + " of --dataplane-file can't be read");
    }
    Map<String, String> query = new TreeMap<>();
    options.value("mesh").ifPresent(mesh -> query.put("mesh", mesh));
    options.value("name").ifPresent(name -> query.put("name", name));
    options.variables().forEach((name, value) -> query.put("var." + name, value));
    String type = path.toString().endsWith(".json") ? "application/json" : "application/yaml";
    return new OwnDataplane(
        state, Optional.of(new Document(path, Files.readAllBytes(path), type, query)));
  }

  /** The file of what there is to register, if there is anything. */
  Optional<Path> file() {
    return document.map(each -> each.file);
  }

  /** Registers it, also again; nothing if there is nothing to register. */
  Optional<Registration> register(ControlPlane controlPlane) {
    return document.map(each -> each.register(controlPlane));
  }

  /** It is no more, and nobody here can bring it back. */
  void lost(Poll.Deletion by) throws IOException {
    if (!lost) {
      HostFiles.replace(state.resolve(FILE), lack(by) + "\n");
      lost = true;
    }
  }

  /** Whether it was seen to be no more, and not to be there again. */
  boolean isLost() {
    return lost;
  }

  /** It is there again, or was deleted by somebody who wanted that. */
  void settled() throws IOException {
    if (lost) {
      forget(state);
      lost = false;
    }
  }

  /** What was remembered of a Dataplane that is no more. */
  static Optional<String> lost(Path state) throws IOException {
    return HostFiles.text(state.resolve(FILE)).map(String::strip);
  }

  static void forget(Path state) throws IOException {
    Files.deleteIfExists(state.resolve(FILE));
  }

  /** Why there is none, in words. */
  static String lack(Poll.Deletion by) {
    return switch (by) {
      case OPERATOR -> "the Dataplane was deleted";
      case COLLECTION ->
          "the Dataplane was collected, since the control plane had not heard of this host for long";
      case GOODBYE -> "the Dataplane went with an agent's goodbye";
    };
  }
}
