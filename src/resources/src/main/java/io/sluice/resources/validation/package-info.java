/** What is wrong with a document, and where. */
@NullMarked
package io.sluice.resources.validation;

import org.jspecify.annotations.NullMarked;
