/** The control plane's process: command line, settings, start and end. */
@NullMarked
package io.sluice.controlplane;

import org.jspecify.annotations.NullMarked;
