package io.sluice.rendering.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.rendering.bundle.Bundle;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Regenerated, and then read in the diff before it is committed, by
 *
 * <pre>./mvnw -pl src/rendering -am test -Dtest=GoldenTest -Dgolden.update=true \
 *   -Dsurefire.failIfNoSpecifiedTests=false</pre>
 */
class GoldenTest {

  static List<Golden> goldens() {
    return Golden.all();
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void theBundleIsByteForByteTheRecordedOne(Golden golden) {
    Bundle bundle = golden.rendered();
    if (Boolean.getBoolean("golden.update")) {
      golden.record(bundle);
    }
    SortedMap<String, String> files = new TreeMap<>();
    bundle.files().keySet().forEach(path -> files.put(path, bundle.text(path)));

    assertThat(files).containsExactlyEntriesOf(golden.recorded());
  }
}
