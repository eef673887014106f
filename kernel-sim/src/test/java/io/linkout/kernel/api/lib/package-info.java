@NullMarked
package io.linkout.kernel.api.lib;

import org.jspecify.annotations.NullMarked;
