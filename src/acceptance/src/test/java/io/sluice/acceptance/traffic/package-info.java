@NullMarked
package io.sluice.acceptance.traffic;

import org.jspecify.annotations.NullMarked;
