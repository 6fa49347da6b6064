/** What a change means for a host: its files line by line, and the connections that it cuts. */
@NullMarked
package io.sluice.rendering.diff;

import org.jspecify.annotations.NullMarked;
