/** What a service manager and a daemon tell each other: sd_notify(3) and sd_listen_fds(3). */
@NullMarked
package io.linkout.kernel.systemd;

import org.jspecify.annotations.NullMarked;
