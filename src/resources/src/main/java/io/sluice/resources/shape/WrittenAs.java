package io.sluice.resources.shape;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a value that documents write as one text. It has a public static method {@code parse} from
 * a text to an {@code Optional} of it, and {@code toString} gives the canonical text.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface WrittenAs {

  /** The form that is allowed, as it completes {@code must be …}. */
  String value();

  /**
   * Whether a list of such values may also be written as one text with commas between them. A value
   * with commas in it can't.
   */
  boolean listedWithCommas() default true;
}
