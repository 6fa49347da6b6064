/** From a document's tree to a resource and back. */
@NullMarked
package io.sluice.resources.codec;

import org.jspecify.annotations.NullMarked;
