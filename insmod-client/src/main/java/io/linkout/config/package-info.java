/**
 * What lies on disk beside the modules themselves: the module tree and the lists in it. May depend
 * on {@code elf} and {@code modinfo}.
 */
@NullMarked
package io.linkout.config;

import org.jspecify.annotations.NullMarked;
