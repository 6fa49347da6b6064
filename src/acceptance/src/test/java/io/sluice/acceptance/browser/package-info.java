/** A real browser, driven over the W3C WebDriver protocol by the distribution's chromedriver. */
@NullMarked
package io.sluice.acceptance.browser;

import org.jspecify.annotations.NullMarked;
