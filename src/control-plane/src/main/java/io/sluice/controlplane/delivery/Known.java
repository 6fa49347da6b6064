package io.sluice.controlplane.delivery;

import io.sluice.rendering.bundle.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The bundles that a poll's {@code If-None-Match} names: those that it does not want to be sent.
 *
 * @param digests the applied one first, then the rejected one
 */
record Known(List<Digest> digests) {

  private static final Pattern TAG = Pattern.compile("\"([0-9a-f]{64})\"");

  Known {
    digests = List.copyOf(digests);
  }

  /** Anything that is no digest names nothing: such an agent gets all of the bundle. */
  static Known parse(@Nullable String ifNoneMatch) {
    List<Digest> digests = new ArrayList<>();
    Matcher tags = TAG.matcher(ifNoneMatch == null ? "" : ifNoneMatch);
    while (tags.find() && digests.size() < 2) {
      digests.add(new Digest(tags.group(1)));
    }
    return new Known(digests);
  }

  boolean includes(Digest digest) {
    return digests.contains(digest);
  }

  Optional<Digest> applied() {
    return digests.stream().findFirst();
  }
}
