package io.sluice.resources.shape;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a field that is known, checked and kept but has no effect yet: a document that has it gets
 * a warning.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface NotActedOn {

  /** What that means for the operator, as a clause such as {@code traffic is not encrypted}. */
  String value();
}
