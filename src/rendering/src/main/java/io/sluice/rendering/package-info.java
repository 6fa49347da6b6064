/** What a dataplane's host is told, as a pure function of resources. */
@NullMarked
package io.sluice.rendering;

import org.jspecify.annotations.NullMarked;
