/** The built artifacts as processes, and what can be seen of them from outside. */
@NullMarked
package io.sluice.acceptance.process;

import org.jspecify.annotations.NullMarked;
