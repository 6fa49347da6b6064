/** Names of the operators' own choice for what inbounds offer. */
@NullMarked
package io.sluice.resources.virtualoutbound;

import org.jspecify.annotations.NullMarked;
