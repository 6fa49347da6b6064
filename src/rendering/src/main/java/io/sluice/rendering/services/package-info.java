/**
 * What one mesh offers at one moment: services, their endpoints, and the names that lead to them.
 * Pure and immutable; an edit costs what it changes.
 */
@NullMarked
package io.sluice.rendering.services;

import org.jspecify.annotations.NullMarked;
