@NullMarked
package io.linkout.kernel.api.lock;

import org.jspecify.annotations.NullMarked;
