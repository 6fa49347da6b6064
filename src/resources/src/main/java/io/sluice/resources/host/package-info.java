/** What is known about the hosts on which dataplanes run. */
@NullMarked
package io.sluice.resources.host;

import org.jspecify.annotations.NullMarked;
