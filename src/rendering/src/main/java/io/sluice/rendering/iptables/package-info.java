/**
 * The firewall rules of a transparent host: a typed model with a reason on each rule, and its text.
 */
@NullMarked
package io.sluice.rendering.iptables;

import org.jspecify.annotations.NullMarked;
