/**
 * The guest's heap: pages in the direct map, slab caches over them, vmalloc and per-CPU
 * allocations. Every object is charged to the module whose code asked for it, so that what a module
 * leaves behind can be told and reclaimed. Confined to the CPU thread.
 */
@NullMarked
package io.linkout.kernel.api.heap;

import org.jspecify.annotations.NullMarked;
