/** What keeps the control plane from starting, told with its remedy and without a stack trace. */
@NullMarked
package io.sluice.controlplane.start;

import org.jspecify.annotations.NullMarked;
