/** The Dataplane resource: one host's workload, its inbounds and outbounds. */
@NullMarked
package io.sluice.resources.dataplane;

import org.jspecify.annotations.NullMarked;
