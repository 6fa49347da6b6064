/** Records as the description of a document's fields: one walk reads them, one walk writes them. */
@NullMarked
package io.sluice.resources.shape;

import org.jspecify.annotations.NullMarked;
