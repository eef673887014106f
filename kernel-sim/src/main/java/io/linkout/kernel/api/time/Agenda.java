package io.linkout.kernel.api.time;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.LongConsumer;

/**
 * What guest code has asked to be run later: expired timers, queued work, RCU callbacks. Each runs
 * when the code that is running sleeps, or at the end of the call it was asked for in.
 */
public final class Agenda {
  /**
   * One thing to run.
   *
   * @param kind such as {@code timer}
   * @param structure guest address of the structure that stands for it
   * @param due nanoseconds since boot
   * @param function guest address, or 0 if {@code started} is all there is
   * @param argument its only argument
   * @param started told just before it runs
   * @param ended told its rax
   */
  public record Task(
      String kind,
      long structure,
      long due,
      long function,
      long argument,
      Runnable started,
      LongConsumer ended) {
    /** A task whose result means nothing. */
    public Task(
        String kind, long structure, long due, long function, long argument, Runnable started) {
      this(kind, structure, due, function, argument, started, _ -> {});
    }
  }

  private record Entry(long sequence, Task task) {}

  private final TreeSet<Entry> entries =
      new TreeSet<>(
          Comparator.comparingLong((Entry e) -> e.task().due()).thenComparingLong(Entry::sequence));
  private long sequence;

  /** Adds {@code task}. */
  public void add(Task task) {
    entries.add(new Entry(sequence++, task));
  }

  /** Takes out the task of that kind for that structure; returns false if there is none. */
  public boolean cancel(String kind, long structure) {
    return entries.removeIf(e -> isOf(e, kind, structure));
  }

  /** Returns the task of that kind for that structure, if it waits. */
  public Optional<Task> waiting(String kind, long structure) {
    return entries.stream().filter(e -> isOf(e, kind, structure)).map(Entry::task).findFirst();
  }

  private static boolean isOf(Entry entry, String kind, long structure) {
    return entry.task().structure() == structure && entry.task().kind().equals(kind);
  }

  /** Takes the first task that is due at {@code nanos}. */
  public Optional<Task> take(long nanos) {
    if (entries.isEmpty() || entries.first().task().due() > nanos) {
      return Optional.empty();
    }
    return Optional.ofNullable(entries.pollFirst()).map(Entry::task);
  }

  /** Returns when the first task is due, if there is one. */
  public OptionalLong nextDue() {
    return entries.isEmpty() ? OptionalLong.empty() : OptionalLong.of(entries.first().task().due());
  }

  /** Takes out all tasks whose code or structure lies in {@code [start, end)}; returns them. */
  public List<Task> drop(long start, long end) {
    List<Task> dropped = new ArrayList<>();
    entries.removeIf(
        e -> {
          boolean inside = within(e.task().function(), start, end);
          if (inside || within(e.task().structure(), start, end)) {
            dropped.add(e.task());
            return true;
          }
          return false;
        });
    return dropped;
  }

  private static boolean within(long address, long start, long end) {
    return Long.compareUnsigned(address, start) >= 0 && Long.compareUnsigned(address, end) < 0;
  }
}
