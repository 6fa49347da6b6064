@NullMarked
package io.sluice.acceptance.topology;

import org.jspecify.annotations.NullMarked;
