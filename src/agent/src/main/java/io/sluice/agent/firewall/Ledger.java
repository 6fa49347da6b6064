package io.sluice.agent.firewall;

import io.sluice.agent.host.HostFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What this agent did to the host's network, kept in {@code rules.properties} of the state folder,
 * so that twice is once and all of it can be undone.
 */
public final class Ledger {

  private static final String LOOPBACK = "loopback6";

  private final Path file;
  private final TreeMap<String, String> entries = new TreeMap<>();

  /** The ledger of a state folder, which need not exist while nothing is written. */
  public Ledger(Path state) throws IOException {
    this.file = state.resolve("rules.properties");
    for (String line : HostFiles.text(file).orElse("").split("\n", -1)) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        entries.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
  }

  /** Whether nothing was done. */
  public boolean isEmpty() {
    return entries.isEmpty();
  }

  static String digest(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The backend that holds what was installed, as {@link Backend#text} spells it. */
  public Optional<String> backend() {
    return Optional.ofNullable(entries.get("backend"));
  }

  void backend(String text) {
    entries.put("backend", text);
  }

  /** The digest of the rules' text that was installed. */
  Optional<String> source(IpFamily family) {
    return Optional.ofNullable(entries.get(family.text() + ".source"));
  }

  /** The digest of what the kernel showed after it. */
  Optional<String> standing(IpFamily family) {
    return Optional.ofNullable(entries.get(family.text() + ".standing"));
  }

  /** What is noted now, for {@link #restore}. */
  Map<String, String> snapshot() {
    return Map.copyOf(entries);
  }

  /** Notes again what was noted before; but for the address {@code ::6}, which is there or not. */
  void restore(Map<String, String> snapshot) throws IOException {
    boolean added = addedLoopback();
    entries.clear();
    entries.putAll(snapshot);
    addedLoopback(added);
  }

  /**
   * Notes what the kernel shows now; it is durable with {@link #write}. The text itself is for
   * saying what has changed: what is lost of it is missed by nobody else.
   */
  void installed(IpFamily family, String source, String shown) throws IOException {
    entries.put(family.text() + ".source", source);
    entries.put(family.text() + ".standing", digest(shown.getBytes(StandardCharsets.UTF_8)));
    Files.writeString(baselineFile(family), shown);
    HostFiles.readableByGroup(baselineFile(family));
  }

  /** What the kernel showed after the last load, if the text of it is still here. */
  Optional<String> baseline(IpFamily family) throws IOException {
    if (!Files.isRegularFile(baselineFile(family))) {
      return Optional.empty();
    }
    byte[] text = Files.readAllBytes(baselineFile(family));
    return standing(family).equals(Optional.of(digest(text)))
        ? Optional.of(new String(text, StandardCharsets.UTF_8))
        : Optional.empty();
  }

  private Path baselineFile(IpFamily family) {
    return file.resolveSibling("standing." + family.text());
  }

  /** Notes that a family has no rules; it is durable with {@link #write}. */
  void forget(IpFamily family) {
    entries.remove(family.text() + ".source");
    entries.remove(family.text() + ".standing");
  }

  /**
   * Notes, before a family is changed, tables that do not exist yet and will because of us. The
   * note is made without such tables too: rules must never stand of which the ledger knows nothing.
   */
  void created(IpFamily family, Set<String> tables) throws IOException {
    Set<String> all = created(family);
    if (all.addAll(tables) || !entries.containsKey(family.text() + ".created")) {
      entries.put(family.text() + ".created", String.join(",", all));
      write();
    }
  }

  Set<String> created(IpFamily family) {
    String tables = entries.getOrDefault(family.text() + ".created", "");
    return new TreeSet<>(tables.isEmpty() ? Set.of() : Set.of(tables.split(",", -1)));
  }

  boolean addedLoopback() {
    return entries.containsKey(LOOPBACK);
  }

  void addedLoopback(boolean added) throws IOException {
    if (added) {
      entries.put(LOOPBACK, "added");
    } else {
      entries.remove(LOOPBACK);
    }
    write();
  }

  void clear() throws IOException {
    entries.clear();
    Files.deleteIfExists(file);
    for (IpFamily family : IpFamily.values()) {
      Files.deleteIfExists(baselineFile(family));
    }
  }

  void write() throws IOException {
    StringBuilder text = new StringBuilder();
    entries.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
    HostFiles.replace(file, text.toString());
  }
}
