/** Bundles: trees of small files named by their content. */
@NullMarked
package io.sluice.rendering.bundle;

import org.jspecify.annotations.NullMarked;
