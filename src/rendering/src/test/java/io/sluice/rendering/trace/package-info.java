@NullMarked
package io.sluice.rendering.trace;

import org.jspecify.annotations.NullMarked;
