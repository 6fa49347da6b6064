package io.sluice.resources.shape;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a number whose 0 is a value. Everywhere else 0 is absence, as in Kuma's protobuf messages;
 * these are the fields that have a wrapper type there.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface ZeroIsValue {}
