/** The Mesh resource: what all its dataplanes have in common. */
@NullMarked
package io.sluice.resources.mesh;

import org.jspecify.annotations.NullMarked;
