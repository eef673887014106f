/**
 * Connections: what each owns, what each may do, and how all of it is returned. Knows neither the
 * wire's encoding nor its transport. Confined to the event-loop thread. Depends on {@code module}
 * and {@code kmsg}.
 */
@NullMarked
package io.linkout.kernel.session;

import org.jspecify.annotations.NullMarked;
