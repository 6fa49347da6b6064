/** Reading and writing YAML and JSON as trees, in bounded time and memory. */
@NullMarked
package io.sluice.resources.document;

import org.jspecify.annotations.NullMarked;
