/** Tests of reports, traces and tables, mostly over memory that no CPU sees. */
@NullMarked
package io.linkout.kernel.api.oops;

import org.jspecify.annotations.NullMarked;
