/** What both listeners have in common: bounded bodies, and errors as problem details. */
@NullMarked
package io.sluice.controlplane.http;

import org.jspecify.annotations.NullMarked;
