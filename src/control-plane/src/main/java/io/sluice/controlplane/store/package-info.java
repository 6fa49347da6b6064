/** Resources and their history in PostgreSQL. */
@NullMarked
package io.sluice.controlplane.store;

import org.jspecify.annotations.NullMarked;
