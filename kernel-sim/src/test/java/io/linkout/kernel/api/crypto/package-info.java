@NullMarked
package io.linkout.kernel.api.crypto;

import org.jspecify.annotations.NullMarked;
