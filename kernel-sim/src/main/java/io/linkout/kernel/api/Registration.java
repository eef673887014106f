package io.linkout.kernel.api;

/**
 * Something that guest code made and has to undo.
 *
 * @param what as a leak is named, such as {@code timer}
 * @param address guest address of the structure that stands for it
 * @param size bytes, 0 where it makes no sense
 * @param owner load id of the module it is charged to, 0 for the kernel
 * @param caller guest address that made it
 * @param undo takes it out of what the kernel keeps; runs no guest code
 */
public record Registration(
    String what, long address, long size, long owner, long caller, Runnable undo) {}
