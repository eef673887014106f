package io.linkout.kernel.api.lock;

import io.linkout.kernel.api.Complaints;
import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.cpu.GuestOops;
import io.linkout.kernel.cpu.TrapFrame;

/** Checks of list links before they change (lib/list_debug.c); corruption is a BUG. */
final class ListDebugFunctions {
  private static final long POISON1 = 0xdead000000000100L;
  private static final long POISON2 = 0xdead000000000122L;
  private static final int ERROR = 3;

  private final Complaints complaints;

  private ListDebugFunctions(Complaints complaints) {
    this.complaints = complaints;
  }

  static void declare(FunctionTable table, Complaints complaints) {
    ListDebugFunctions f = new ListDebugFunctions(complaints);
    table.real("__list_add_valid", f::addition);
    table.real("__list_del_entry_valid", f::deletion);
  }

  /** __list_add_valid(new, prev, next). */
  private long addition(TrapFrame c) {
    long entry = c.argument(0);
    long previous = c.argument(1);
    long next = c.argument(2);
    if (previous == 0 || next == 0) {
      throw corrupt(
          String.format("list_add corruption. %s is NULL.", previous == 0 ? "prev" : "next"));
    }
    long back = c.memory().readLong(next + 8);
    if (back != previous) {
      throw corrupt(
          String.format(
              "list_add corruption. next->prev should be prev (%016x), but was %016x. (next=%016x).",
              previous, back, next));
    }
    long forward = c.memory().readLong(previous);
    if (forward != next) {
      throw corrupt(
          String.format(
              "list_add corruption. prev->next should be next (%016x), but was %016x. (prev=%016x).",
              next, forward, previous));
    }
    if (entry == previous || entry == next) {
      throw corrupt(
          String.format(
              "list_add double add: new=%016x, prev=%016x, next=%016x.", entry, previous, next));
    }
    return 1;
  }

  private long deletion(TrapFrame c) {
    long entry = c.argument(0);
    long next = c.memory().readLong(entry);
    long previous = c.memory().readLong(entry + 8);
    if (next == 0 || previous == 0) {
      throw corrupt(
          String.format(
              "list_del corruption, %016x->%s is NULL", entry, next == 0 ? "next" : "prev"));
    }
    if (next == POISON1) {
      throw corrupt(
          String.format(
              "list_del corruption, %016x->next is LIST_POISON1 (%016x)", entry, POISON1));
    }
    if (previous == POISON2) {
      throw corrupt(
          String.format(
              "list_del corruption, %016x->prev is LIST_POISON2 (%016x)", entry, POISON2));
    }
    long forward = c.memory().readLong(previous);
    if (forward != entry) {
      throw corrupt(
          String.format(
              "list_del corruption. prev->next should be %016x, but was %016x. (prev=%016x)",
              entry, forward, previous));
    }
    long back = c.memory().readLong(next + 8);
    if (back != entry) {
      throw corrupt(
          String.format(
              "list_del corruption. next->prev should be %016x, but was %016x. (next=%016x)",
              entry, back, next));
    }
    return 1;
  }

  private GuestOops corrupt(String what) {
    complaints.log(ERROR, what);
    return new GuestOops("kernel BUG at lib/list_debug.c!");
  }
}
