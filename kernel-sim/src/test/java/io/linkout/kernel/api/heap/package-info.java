@NullMarked
package io.linkout.kernel.api.heap;

import org.jspecify.annotations.NullMarked;
