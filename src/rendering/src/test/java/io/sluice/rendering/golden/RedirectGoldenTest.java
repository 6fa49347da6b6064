package io.sluice.rendering.golden;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Regenerated, and then read in the diff before it is committed, by
 *
 * <pre>./mvnw -pl src/rendering -am test -Dtest=RedirectGoldenTest -Dgolden.update=true \
 *   -Dsurefire.failIfNoSpecifiedTests=false</pre>
 */
class RedirectGoldenTest {

  static List<RedirectCase> cases() {
    return RedirectCase.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theRulesAreByteForByteTheRecordedOnes(RedirectCase redirect) {
    SortedMap<String, String> rendered = redirect.rendered();
    if (Boolean.getBoolean("golden.update")) {
      redirect.record(rendered);
    }

    assertThat(rendered).containsExactlyEntriesOf(redirect.recorded());
  }
}
