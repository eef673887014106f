@NullMarked
package io.linkout.proto;

import org.jspecify.annotations.NullMarked;
