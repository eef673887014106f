@NullMarked
package io.linkout.kernel.api.print;

import org.jspecify.annotations.NullMarked;
