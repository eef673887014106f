package io.linkout.link;

/** A module went live: its load id, what init returned, and nanoseconds in all and inside init. */
public record Activated(long loadId, long initResult, long totalNanos, long initNanos) {}
