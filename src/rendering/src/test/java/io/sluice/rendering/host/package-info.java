/** The programs of a host that are to take what was rendered. */
@NullMarked
package io.sluice.rendering.host;

import org.jspecify.annotations.NullMarked;
