/** Addresses and ports in one canonical form. */
@NullMarked
package io.sluice.resources.net;

import org.jspecify.annotations.NullMarked;
