package io.sluice.resources.codec;

import io.sluice.resources.Resource;
import io.sluice.resources.validation.Warning;
import java.util.List;

/**
 * A valid resource.
 *
 * @param warnings what in its document has no effect or may surprise
 */
public record ReadResult(Resource resource, List<Warning> warnings) {

  /** Copies the list. */
  public ReadResult {
    warnings = List.copyOf(warnings);
  }
}
