/** What the other packages need of the machine: processes, files, identities, the log. */
@NullMarked
package io.sluice.agent.host;

import org.jspecify.annotations.NullMarked;
