/** The agents' listener: long polls, packs and files of rendered bundles. */
@NullMarked
package io.sluice.controlplane.delivery;

import org.jspecify.annotations.NullMarked;
