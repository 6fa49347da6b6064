@NullMarked
package io.sluice.rendering.diff;

import org.jspecify.annotations.NullMarked;
