@NullMarked
package io.linkout.kernel;

import org.jspecify.annotations.NullMarked;
