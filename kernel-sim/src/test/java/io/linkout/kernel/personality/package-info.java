@NullMarked
package io.linkout.kernel.personality;

import org.jspecify.annotations.NullMarked;
