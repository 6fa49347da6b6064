/** How the traffic of many hosts is captured, said in one place. */
@NullMarked
package io.sluice.resources.transparentproxy;

import org.jspecify.annotations.NullMarked;
