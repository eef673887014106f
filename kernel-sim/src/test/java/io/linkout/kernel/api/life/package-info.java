@NullMarked
package io.linkout.kernel.api.life;

import org.jspecify.annotations.NullMarked;
