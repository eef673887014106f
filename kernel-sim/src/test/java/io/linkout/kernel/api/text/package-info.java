@NullMarked
package io.linkout.kernel.api.text;

import org.jspecify.annotations.NullMarked;
