@NullMarked
package io.linkout.kernel.kmsg;

import org.jspecify.annotations.NullMarked;
