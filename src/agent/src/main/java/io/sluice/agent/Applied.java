package io.sluice.agent;

import static io.sluice.agent.host.Log.Key.DIGEST;

import io.sluice.agent.bundle.Digest;
import io.sluice.agent.bundle.Generation;
import io.sluice.agent.bundle.Generations;
import io.sluice.agent.bundle.RefusedException;
import io.sluice.agent.bundle.Settings;
import io.sluice.agent.host.HostFiles;
import io.sluice.agent.host.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The generation in force, and the file {@code applied} that names it for the next agent. A switch
 * first names the new one, and takes it for the one in force when there is no way back any more.
 * Any thread may ask; whoever changes it holds the host's lock.
 */
final class Applied {

  private static final String FILE = "applied";

  private final Path state;
  private volatile Optional<Generation> generation = Optional.empty();

  /** That of a state folder; none if the one that is named is not whole any more. */
  Applied(Path state, Generations generations, Log log) throws IOException {
    this.state = state;
    Optional<Digest> named = named(state);
    if (named.isPresent()) {
      generation = generations.openApplied(named.get());
      if (generation.isEmpty()) {
        log.warn("generation-damaged", DIGEST, named.get());
      }
    }
  }

  /** The digest that a state folder names as applied. */
  static Optional<Digest> named(Path state) throws IOException {
    return HostFiles.text(state.resolve(FILE))
        .map(String::strip)
        .filter(Digest::isDigest)
        .map(Digest::new);
  }

  /** Lets a state folder name none. */
  static void unname(Path state) throws IOException {
    Files.deleteIfExists(state.resolve(FILE));
  }

  /** Lets the state folder name this one, or none; durable when this returns. */
  void name(Optional<Generation> named) throws IOException {
    if (named.isPresent()) {
      HostFiles.replace(state.resolve(FILE), named.get().digest() + "\n");
    } else {
      unname(state);
    }
  }

  /** This one, or none, is in force from now on. */
  void inForce(Optional<Generation> now) {
    generation = now;
  }

  /** The generation in force. */
  Optional<Generation> generation() {
    return generation;
  }

  /** Its digest. */
  Optional<Digest> digest() {
    return generation.map(Generation::digest);
  }

  /** Its settings; none if they can't be read. */
  Optional<Settings> settings() {
    Optional<Generation> now = generation;
    try {
      return now.isPresent() ? Optional.of(now.get().settings()) : Optional.empty();
    } catch (IOException | RefusedException e) {
      return Optional.empty();
    }
  }
}
