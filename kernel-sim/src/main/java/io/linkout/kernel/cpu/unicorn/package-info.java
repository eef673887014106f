/**
 * The CPU on Unicorn 2 through {@code java.lang.foreign}: the only package that touches either.
 *
 * <p>How it works, and why (measured with libunicorn 2.0.1 on 2026-11-23; times of a 2-core
 * machine):
 *
 * <ul>
 *   <li><b>Ring 3.</b> Guest code runs at CPL 3, entered once by {@code iretq}; the descriptor
 *       table is gone afterwards, so that no far transfer or segment load succeeds. Every call
 *       starts from a context saved right after that ({@link
 *       io.linkout.kernel.cpu.unicorn.RingThree}).
 *   <li><b>Exact faults by page tables.</b> Unicorn checks its own memory regions before the MMU
 *       and stops without restoring the instruction pointer and lazily evaluated flags. So paging
 *       is on: presence and write permission are enforced by page tables, whose faults are real
 *       #PFs with exact registers and CR2. A region's own permissions only keep execution out.
 *   <li><b>Regions come in lazily.</b> Adding a Unicorn region costs time quadratic in their number
 *       (27 µs at 10, 55 µs at 100, 1.3 ms at 500, 20 ms at 2,000), and beyond 4,095 the library
 *       aborts the process. So only regions that are touched are mapped, at most a bounded number
 *       at a time ({@link io.linkout.kernel.cpu.unicorn.LiveMemory}).
 *   <li><b>Kernel functions are reached without an upcall.</b> A trap slot is {@code ud2}: the run
 *       ends, Java carries the function out with nothing native on its stack, and a new run goes on
 *       at the caller. So a function may map, unmap and patch, and callbacks into guest code need
 *       no nesting.
 * </ul>
 */
@NullMarked
package io.linkout.kernel.cpu.unicorn;

import org.jspecify.annotations.NullMarked;
