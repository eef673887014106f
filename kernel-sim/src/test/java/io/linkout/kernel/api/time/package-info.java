@NullMarked
package io.linkout.kernel.api.time;

import org.jspecify.annotations.NullMarked;
