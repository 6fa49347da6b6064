/** Applications that say who called them, and clients inside any namespace. */
@NullMarked
package io.sluice.acceptance.traffic;

import org.jspecify.annotations.NullMarked;
