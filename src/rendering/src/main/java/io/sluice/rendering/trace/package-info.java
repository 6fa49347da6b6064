/**
 * What becomes of one packet on a transparent host: the rules that it meets in the kernel's order,
 * and the way through Envoy of what they hand over. Worked out from what is rendered; no host is
 * asked.
 */
@NullMarked
package io.sluice.rendering.trace;

import org.jspecify.annotations.NullMarked;
