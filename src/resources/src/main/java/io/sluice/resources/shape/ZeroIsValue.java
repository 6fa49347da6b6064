package io.sluice.resources.shape;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a number whose 0 is a value, or a choice whose first word is written too. Everywhere else
 * these are absence, as in Kuma's protobuf messages; there, such numbers have a wrapper type.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface ZeroIsValue {}
