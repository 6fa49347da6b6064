/** The immutable view of all meshes in memory, kept up with the database. */
@NullMarked
package io.sluice.controlplane.changes;

import org.jspecify.annotations.NullMarked;
