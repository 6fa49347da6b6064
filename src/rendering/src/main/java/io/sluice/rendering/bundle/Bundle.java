package io.sluice.rendering.bundle;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A tree of small files, named by the digest of its root manifest; the format is in docs/bundle.md.
 * Equal trees have equal digests.
 */
public final class Bundle {

  private static final Pattern SEGMENT = Pattern.compile("[a-z0-9][a-z0-9._-]{0,126}");

  private final Digest digest;
  private final SortedMap<String, Digest> files;
  private final Map<Digest, byte[]> objects;

  private Bundle(Digest digest, SortedMap<String, Digest> files, Map<Digest, byte[]> objects) {
    this.digest = digest;
    this.files = Collections.unmodifiableSortedMap(files);
    this.objects = Collections.unmodifiableMap(objects);
  }

  /**
   * The bundle of these files.
   *
   * @param contents from path, such as {@code envoy/listeners/a.json}, to content
   * @throws IllegalArgumentException for a path that an agent would refuse
   */
  public static Bundle of(Map<String, String> contents) {
    SortedMap<String, Digest> files = new TreeMap<>();
    Map<Digest, byte[]> objects = new HashMap<>();
    Folder root = new Folder();
    contents.forEach(
        (path, text) -> {
          byte[] content = text.getBytes(StandardCharsets.UTF_8);
          Digest digest = Digest.of(content);
          files.put(path, digest);
          objects.put(digest, content);
          root.add(path, path, digest);
        });
    return new Bundle(root.store(objects), files, objects);
  }

  /** The name of this bundle: the digest of its root manifest. */
  public Digest digest() {
    return digest;
  }

  /** Every file's digest by its path. */
  public SortedMap<String, Digest> files() {
    return files;
  }

  /** Every manifest's and file's bytes by digest. The arrays are shared: not to be written to. */
  public Map<Digest, byte[]> objects() {
    return objects;
  }

  /**
   * A file's content as text.
   *
   * @throws IllegalArgumentException if there is no such file
   */
  public String text(String path) {
    Digest of = files.get(path);
    if (of == null) {
      throw new IllegalArgumentException("no file " + path + " in bundle " + digest);
    }
    byte[] content = objects.get(of);
    if (content == null) {
      throw new IllegalStateException("bundle " + digest + " lacks object " + of);
    }
    return new String(content, StandardCharsets.UTF_8);
  }

  private static final class Folder {
    private final SortedMap<String, Digest> files = new TreeMap<>();
    private final SortedMap<String, Folder> folders = new TreeMap<>();

    void add(String path, String rest, Digest digest) {
      int slash = rest.indexOf('/');
      String segment = slash < 0 ? rest : rest.substring(0, slash);
      if (!SEGMENT.matcher(segment).matches()) {
        throw new IllegalArgumentException("not a path of a bundle: " + path);
      }
      if (slash < 0) {
        files.put(segment, digest);
      } else {
        folders
            .computeIfAbsent(segment, ignored -> new Folder())
            .add(path, rest.substring(slash + 1), digest);
      }
    }

    Digest store(Map<Digest, byte[]> objects) {
      SortedMap<String, Digest> entries = new TreeMap<>(files);
      folders.forEach((name, folder) -> entries.put(name + "/", folder.store(objects)));
      StringBuilder manifest = new StringBuilder();
      entries.forEach((name, of) -> manifest.append(of).append("  ").append(name).append('\n'));
      byte[] content = manifest.toString().getBytes(StandardCharsets.UTF_8);
      Digest digest = Digest.of(content);
      objects.put(digest, content);
      return digest;
    }
  }
}
