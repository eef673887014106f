/** Tests of the module tree and modprobe's configuration. */
@NullMarked
package io.linkout.config;

import org.jspecify.annotations.NullMarked;
