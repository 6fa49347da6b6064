/** The database's life: an embedded server or one that is given, its migrations, its readiness. */
@NullMarked
package io.sluice.controlplane.postgres;

import org.jspecify.annotations.NullMarked;
