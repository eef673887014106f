/** Export tables side by side: the daemon's and those it was chosen from. */
@NullMarked
package io.linkout.bench.symbol;

import org.jspecify.annotations.NullMarked;
