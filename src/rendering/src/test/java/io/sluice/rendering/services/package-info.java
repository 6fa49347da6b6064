/** What a mesh offers, built up by edits. */
@NullMarked
package io.sluice.rendering.services;

import org.jspecify.annotations.NullMarked;
