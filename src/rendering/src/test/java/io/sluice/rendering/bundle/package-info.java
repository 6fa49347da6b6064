/** Trees of files and what differs between them. */
@NullMarked
package io.sluice.rendering.bundle;

import org.jspecify.annotations.NullMarked;
