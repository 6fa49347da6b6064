/** A run that shows the JVM what a control plane does, for its AOT cache. */
@NullMarked
package io.sluice.controlplane.training;

import org.jspecify.annotations.NullMarked;
