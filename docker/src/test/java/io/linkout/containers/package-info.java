/** Kernel and clients as containers that share nothing but the socket's volume; Testcontainers. */
@NullMarked
package io.linkout.containers;

import org.jspecify.annotations.NullMarked;
