package io.sluice.resources.mesh;

import io.sluice.resources.document.Shown;
import io.sluice.resources.validation.Findings;
import io.sluice.resources.validation.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The names of a list of backends: each once, and the chosen one among them. */
final class BackendNames {

  private final Path list;
  private final Findings findings;
  private final Set<String> names = new LinkedHashSet<>();
  private int size = 0;

  BackendNames(Path list, Findings findings) {
    this.list = list;
    this.findings = findings;
  }

  /** Takes the next backend's name, and says where that backend stands. */
  Path add(String name) {
    Path backend = list.index(size++);
    if (name.isEmpty()) {
      findings.violation(backend.field("name"), "cannot be empty");
    } else if (!names.add(name)) {
      findings.violation(
          backend.field("name"), Shown.of(name) + " name is already used for another backend");
    }
    return backend;
  }

  void require(@Nullable String chosen, Path at, String rule) {
    if (chosen != null && !names.contains(chosen)) {
      findings.violation(
          at,
          rule
              + ": "
              + (names.isEmpty() ? "there are none" : String.join(", ", names))
              + "; it is "
              + Shown.of(chosen));
    }
  }
}
