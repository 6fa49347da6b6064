/** Who may speak to which listener: guards, the admin token, dataplanes' tokens, certificates. */
@NullMarked
package io.sluice.controlplane.security;

import org.jspecify.annotations.NullMarked;
