/** Rules as the kernel takes them. */
@NullMarked
package io.sluice.rendering.iptables;

import org.jspecify.annotations.NullMarked;
