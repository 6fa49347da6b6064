/** What bundles hold, and what is the same in all of them. */
@NullMarked
package io.sluice.rendering;

import org.jspecify.annotations.NullMarked;
