@NullMarked
package io.linkout;

import org.jspecify.annotations.NullMarked;
