/** A table of dataplanes with the bundles that they must have, byte for byte. */
@NullMarked
package io.sluice.rendering.golden;

import org.jspecify.annotations.NullMarked;
