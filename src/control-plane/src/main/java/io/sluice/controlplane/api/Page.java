package io.sluice.controlplane.api;

import io.sluice.controlplane.http.ProblemException;
import io.sluice.controlplane.store.ResourceKey;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which page of a list is asked for.
 *
 * @param size how many items at most
 * @param after the last key of the page before
 */
record Page(int size, Optional<ResourceKey> after) {

  static final int LARGEST = 1000;
  static final String DEFAULT = "100";

  /** Reads the parameters {@code size} and {@code offset}; the latter is opaque to clients. */
  static Page of(int size, @Nullable String offset, String type) {
    if (size < 1 || size > LARGEST) {
      throw ProblemException.badRequest("size", "must be 1 to " + LARGEST + ", not " + size);
    }
    return new Page(size, Optional.ofNullable(offset).map(text -> key(text, type)));
  }

  /** The offset of the page that begins after a key. */
  static String offset(ResourceKey last) {
    String text = last.mesh() + "/" + last.name();
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static ResourceKey key(String offset, String type) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(offset), StandardCharsets.UTF_8);
      int slash = text.indexOf('/');
      if (slash >= 0 && text.indexOf('\0') < 0) {
        return new ResourceKey(type, text.substring(0, slash), text.substring(slash + 1));
      }
    } catch (IllegalArgumentException e) {
      // Said below, as for every other text that no list has given out.
    }
    throw ProblemException.badRequest(
        "offset", "must be taken from the \"next\" of the page before, not \"" + offset + "\"");
  }
}
