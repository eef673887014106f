/**
 * Benchmarks: what Linkout costs, beside its peers. Run by {@code make bench}; figures in
 * docs/BENCHMARKS.md.
 */
@NullMarked
package io.linkout.bench;

import org.jspecify.annotations.NullMarked;
