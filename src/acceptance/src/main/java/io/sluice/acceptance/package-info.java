/**
 * The product as a whole, on hosts made of network namespaces: for the demo and the acceptance
 * tests.
 */
@NullMarked
package io.sluice.acceptance;

import org.jspecify.annotations.NullMarked;
