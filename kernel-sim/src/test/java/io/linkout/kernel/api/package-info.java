@NullMarked
package io.linkout.kernel.api;

import org.jspecify.annotations.NullMarked;
