/** What decides how a host captures traffic, gathered from resources and defaults. */
@NullMarked
package io.sluice.rendering.settings;

import org.jspecify.annotations.NullMarked;
