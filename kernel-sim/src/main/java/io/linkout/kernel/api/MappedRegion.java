package io.linkout.kernel.api;

/** One mapping for people: {@code protection} as {@code r-x}, {@code owner} a module or empty. */
public record MappedRegion(long address, long size, String protection, String what, String owner) {}
