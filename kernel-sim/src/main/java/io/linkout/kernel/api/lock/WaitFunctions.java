package io.linkout.kernel.api.lock;

import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.api.FunctionTable.Licence;
import io.linkout.kernel.api.image.CurrentTask;
import io.linkout.kernel.api.image.GuestStruct;
import io.linkout.kernel.api.image.SymbolBook;
import io.linkout.kernel.api.time.GuestClock;
import io.linkout.kernel.api.time.Sleep;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.TrapFrame;
import io.linkout.kernel.personality.StructLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Wait queues and schedule() (kernel/sched/wait.c, kernel/sched/core.c): the one task sleeps by its
 * state; what it queued to be run later, or a timer, may wake it.
 */
final class WaitFunctions {
  private static final int EXCLUSIVE = 1;
  private static final int WOKEN = 2;
  private static final int PRIORITY = 0x20;
  private static final int INTERRUPTIBLE = 1;
  private static final int UNINTERRUPTIBLE = 2;

  private final StructLayout layout;
  private final GuestMemory memory;
  private final CurrentTask task;
  private final Sleep sleep;
  private final GuestClock clock;

  /** Guest address of the function that a waiter's entry gets. */
  private long autoremove;

  WaitFunctions(
      StructLayout layout, GuestMemory memory, CurrentTask task, Sleep sleep, GuestClock clock) {
    this.layout = layout;
    this.memory = memory;
    this.task = task;
    this.sleep = sleep;
    this.clock = clock;
  }

  void declare(FunctionTable table, SymbolBook symbols) {
    declareQueues(table);
    declareWaking(table);
    autoremove = symbols.address("autoremove_wake_function");
    declareScheduling(table);
  }

  private void declareQueues(FunctionTable table) {
    table.real("__init_waitqueue_head", this::initHead);
    table.real("init_wait_entry", this::initEntry);
    table.real("add_wait_queue", c -> add(c, 0, false));
    table.real("add_wait_queue_exclusive", c -> add(c, EXCLUSIVE, true));
    table.real("add_wait_queue_priority", Licence.GPL, c -> add(c, EXCLUSIVE | PRIORITY, false));
    table.real("remove_wait_queue", this::remove);
    table.real("prepare_to_wait", c -> prepare(c, false));
    table.real("prepare_to_wait_exclusive", c -> prepare(c, true));
    table.real("prepare_to_wait_event", this::prepareEvent);
    table.real("finish_wait", this::finish);
  }

  private void declareWaking(FunctionTable table) {
    table.real("__wake_up", c -> wake(c, (int) c.argument(1), (int) c.argument(2), 3));
    table.real("__wake_up_sync", Licence.GPL, c -> wake(c, (int) c.argument(1), 1, -1));
    table.real("__wake_up_sync_key", Licence.GPL, c -> wake(c, (int) c.argument(1), 1, 2));
    table.real(
        "__wake_up_locked",
        Licence.GPL,
        c -> wake(c, (int) c.argument(1), (int) c.argument(2), -1));
    table.real("__wake_up_locked_key", Licence.GPL, c -> wake(c, (int) c.argument(1), 1, 2));
    table.real("default_wake_function", this::defaultWake);
    table.real("autoremove_wake_function", this::autoremoveWake);
    table.real("woken_wake_function", this::wokenWake);
    table.real("wait_woken", this::waitWoken);
    table.real("wake_up_process", c -> c.argument(0) == task.address() && wakeTask() ? 1 : 0);
  }

  private void declareScheduling(FunctionTable table) {
    table.real("schedule", this::schedule);
    table.real("io_schedule", this::schedule);
    table.real("schedule_timeout", c -> scheduleTimeout(c, c.argument(0)));
    table.real("io_schedule_timeout", c -> scheduleTimeout(c, c.argument(0)));
    table.real("schedule_timeout_interruptible", c -> sleepAs(c, INTERRUPTIBLE));
    for (String name :
        List.of(
            "schedule_timeout_killable",
            "schedule_timeout_uninterruptible",
            "schedule_timeout_idle")) {
      table.real(name, c -> sleepAs(c, UNINTERRUPTIBLE));
    }
  }

  private GuestStruct head(long address) {
    return new GuestStruct(memory, layout, "wait_queue_head", address);
  }

  private GuestStruct entry(long address) {
    return new GuestStruct(memory, layout, "wait_queue_entry", address);
  }

  private long initHead(TrapFrame c) {
    head(c.argument(0)).writeInt("lock", 0);
    GuestList.init(memory, head(c.argument(0)).at("head"));
    return 0;
  }

  private long initEntry(TrapFrame c) {
    GuestStruct entry = entry(c.argument(0));
    entry.writeInt("flags", (int) c.argument(1));
    entry.writeLong("private", task.address());
    entry.writeLong("func", autoremove);
    GuestList.init(memory, entry.at("entry"));
    return 0;
  }

  private long add(TrapFrame c, int flags, boolean tail) {
    GuestStruct entry = entry(c.argument(1));
    entry.writeInt("flags", (entry.readInt("flags") & ~EXCLUSIVE) | flags);
    link(c.argument(0), entry, tail);
    return 0;
  }

  private void link(long queue, GuestStruct entry, boolean tail) {
    long list = head(queue).at("head");
    GuestList.insert(memory, entry.at("entry"), tail ? memory.readLong(list + 8) : list);
  }

  private long remove(TrapFrame c) {
    GuestList.remove(memory, entry(c.argument(1)).at("entry"));
    return 0;
  }

  private long prepare(TrapFrame c, boolean exclusive) {
    GuestStruct entry = entry(c.argument(1));
    int flags = entry.readInt("flags");
    entry.writeInt("flags", exclusive ? flags | EXCLUSIVE : flags & ~EXCLUSIVE);
    boolean first = GuestList.isEmpty(memory, head(c.argument(0)).at("head"));
    if (GuestList.isEmpty(memory, entry.at("entry"))) {
      link(c.argument(0), entry, exclusive);
    }
    task.state((int) c.argument(2));
    return first ? 1 : 0;
  }

  /** prepare_to_wait_event(queue, entry, state): no signal is ever pending. */
  private long prepareEvent(TrapFrame c) {
    GuestStruct entry = entry(c.argument(1));
    if (GuestList.isEmpty(memory, entry.at("entry"))) {
      link(c.argument(0), entry, (entry.readInt("flags") & EXCLUSIVE) != 0);
    }
    task.state((int) c.argument(2));
    return 0;
  }

  private long finish(TrapFrame c) {
    task.wakeUp();
    GuestList.removeInit(memory, entry(c.argument(1)).at("entry"));
    return 0;
  }

  /** Calls each entry's function until {@code exclusive} exclusive ones have woken theirs. */
  private long wake(TrapFrame c, int mode, int exclusive, int keyArgument) {
    long key = keyArgument < 0 ? 0 : c.argument(keyArgument);
    long list = head(c.argument(0)).at("head");
    List<Long> entries = new ArrayList<>();
    for (long at = memory.readLong(list); at != list; at = memory.readLong(at)) {
      entries.add(at - layout.of("wait_queue_entry.entry"));
    }
    return wakeNext(c, entries, 0, mode, exclusive, key);
  }

  private long wakeNext(
      TrapFrame c, List<Long> entries, int index, int mode, int exclusive, long key) {
    if (index == entries.size()) {
      return 0;
    }
    GuestStruct entry = entry(entries.get(index));
    int flags = entry.readInt("flags");
    c.callGuest(
        entry.readLong("func"),
        new long[] {entry.address(), mode, 0, key},
        rax -> {
          int woken = (int) rax;
          int left = woken > 0 && (flags & EXCLUSIVE) != 0 ? exclusive - 1 : exclusive;
          boolean stop = woken < 0 || (left == 0 && left != exclusive);
          return stop ? 0 : wakeNext(c, entries, index + 1, mode, left, key);
        });
    return 0;
  }

  private boolean wakeTask() {
    boolean asleep = task.state() != 0;
    task.wakeUp();
    return asleep;
  }

  private long defaultWake(TrapFrame c) {
    boolean own = entry(c.argument(0)).readLong("private") == task.address();
    boolean matches = (task.state() & (int) c.argument(1)) != 0;
    return own && matches && wakeTask() ? 1 : 0;
  }

  private long autoremoveWake(TrapFrame c) {
    long woken = defaultWake(c);
    if (woken != 0) {
      GuestList.removeInit(memory, entry(c.argument(0)).at("entry"));
    }
    return woken;
  }

  private long wokenWake(TrapFrame c) {
    GuestStruct entry = entry(c.argument(0));
    entry.writeInt("flags", entry.readInt("flags") | WOKEN);
    return defaultWake(c);
  }

  /** wait_woken(entry, mode, timeout). */
  private long waitWoken(TrapFrame c) {
    GuestStruct entry = entry(c.argument(0));
    long timeout = c.argument(2);
    if ((entry.readInt("flags") & WOKEN) != 0) {
      entry.writeInt("flags", entry.readInt("flags") & ~WOKEN);
      return timeout;
    }
    task.state((int) c.argument(1));
    return await(
        c,
        timeout,
        left -> {
          entry.writeInt("flags", entry.readInt("flags") & ~WOKEN);
          return left;
        });
  }

  private long schedule(TrapFrame c) {
    await(c, Long.MAX_VALUE, _ -> 0);
    return 0;
  }

  private long sleepAs(TrapFrame c, int state) {
    task.state(state);
    return scheduleTimeout(c, c.argument(0));
  }

  private long scheduleTimeout(TrapFrame c, long timeout) {
    return await(c, timeout, left -> left);
  }

  private interface Left {
    long result(long jiffies);
  }

  /** Sleeps until the task runs again, at most {@code timeout} jiffies. */
  private long await(TrapFrame c, long timeout, Left result) {
    boolean endless = timeout == Long.MAX_VALUE || timeout < 0;
    long end = endless ? Long.MAX_VALUE : clock.jiffies() + Math.min(timeout, 1L << 40);
    long deadline = endless ? Long.MAX_VALUE : clock.nanosAt(end);
    return sleep.await(
        c,
        () -> task.state() == 0,
        deadline,
        how -> {
          if (how == Sleep.End.HOPELESS) {
            throw Deadlocks.hopeless("task", task.address());
          }
          task.wakeUp();
          return result.result(endless ? timeout : Math.max(end - clock.jiffies(), 0));
        });
  }
}
