/** Export tables that were not chosen, to be measured against the one that was. */
@NullMarked
package io.linkout.bench.symbol;

import org.jspecify.annotations.NullMarked;
