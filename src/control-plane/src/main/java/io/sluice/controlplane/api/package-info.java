/** The operators' API. */
@NullMarked
package io.sluice.controlplane.api;

import org.jspecify.annotations.NullMarked;
