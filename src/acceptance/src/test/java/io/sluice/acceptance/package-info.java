/** What the product does, tried from outside on the built artifacts. */
@NullMarked
package io.sluice.acceptance;

import org.jspecify.annotations.NullMarked;
