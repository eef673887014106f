package io.linkout.kernel.api.heap;

/**
 * One live object.
 *
 * @param kind as a leak is named, such as {@code kmalloc-64}
 * @param address in the guest
 * @param size bytes asked for
 * @param capacity bytes it really has
 * @param owner load id of the module it is charged to, 0 for the kernel
 * @param caller guest address that asked for it
 */
public record HeapObject(
    String kind, long address, long size, long capacity, long owner, long caller) {
  HeapObject withSize(long bytes) {
    return new HeapObject(kind, address, bytes, capacity, owner, caller);
  }
}
