package io.linkout.kernel.api.lock;

import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.api.FunctionTable.Licence;
import io.linkout.kernel.api.image.GuestStruct;
import io.linkout.kernel.api.time.GuestClock;
import io.linkout.kernel.api.time.Sleep;
import io.linkout.kernel.cpu.TrapFrame;
import io.linkout.kernel.personality.StructLayout;
import java.util.List;

/** Completions (kernel/sched/completion.c): timers and queued work run while one waits. */
final class CompletionFunctions {
  private static final int ALL = -1;
  private static final long SECOND = 1_000_000_000L;

  private final StructLayout layout;
  private final Sleep sleep;
  private final GuestClock clock;

  CompletionFunctions(StructLayout layout, Sleep sleep, GuestClock clock) {
    this.layout = layout;
    this.sleep = sleep;
    this.clock = clock;
  }

  void declare(FunctionTable table) {
    for (String name :
        List.of(
            "wait_for_completion",
            "wait_for_completion_io",
            "wait_for_completion_interruptible",
            "wait_for_completion_killable",
            "wait_for_completion_state")) {
      table.real(name, this::await);
    }
    for (String name :
        List.of(
            "wait_for_completion_timeout",
            "wait_for_completion_io_timeout",
            "wait_for_completion_interruptible_timeout",
            "wait_for_completion_killable_timeout")) {
      table.real(name, this::awaitFor);
    }
    table.real("try_wait_for_completion", this::tryAwait);
    table.real("completion_done", c -> completion(c).readInt("done") != 0 ? 1 : 0);
    table.real("complete", this::complete);
    table.real("complete_all", this::completeAll);
    table.real("__init_swait_queue_head", Licence.ANY, this::initQueue);
  }

  private GuestStruct completion(TrapFrame c) {
    return new GuestStruct(c.memory(), layout, "completion", c.argument(0));
  }

  private static void take(GuestStruct completion) {
    int done = completion.readInt("done");
    if (done != ALL) {
      completion.writeInt("done", done - 1);
    }
  }

  private long await(TrapFrame c) {
    GuestStruct completion = completion(c);
    return sleep.await(
        c,
        () -> completion.readInt("done") != 0,
        Long.MAX_VALUE,
        end -> {
          if (end == Sleep.End.HOPELESS) {
            throw Deadlocks.hopeless("completion", completion.address());
          }
          take(completion);
          return 0;
        });
  }

  /** Returns the jiffies left, at least 1, or 0 if time ran out. */
  private long awaitFor(TrapFrame c) {
    long timeout = c.argument(1);
    if (timeout < 0 || timeout > Long.MAX_VALUE / SECOND) {
      return await(c);
    }
    GuestStruct completion = completion(c);
    long end = clock.jiffies() + timeout;
    return sleep.await(
        c,
        () -> completion.readInt("done") != 0,
        clock.nanosAt(end),
        how -> {
          if (how == Sleep.End.TIMED_OUT) {
            return 0;
          }
          take(completion);
          return Math.max(end - clock.jiffies(), 1);
        });
  }

  private long tryAwait(TrapFrame c) {
    GuestStruct completion = completion(c);
    if (completion.readInt("done") == 0) {
      return 0;
    }
    take(completion);
    return 1;
  }

  private long complete(TrapFrame c) {
    GuestStruct completion = completion(c);
    int done = completion.readInt("done");
    if (done != ALL) {
      completion.writeInt("done", done + 1);
    }
    return 0;
  }

  private long completeAll(TrapFrame c) {
    completion(c).writeInt("done", ALL);
    return 0;
  }

  private long initQueue(TrapFrame c) {
    GuestStruct queue = new GuestStruct(c.memory(), layout, "swait_queue_head", c.argument(0));
    queue.writeInt("lock", 0);
    long list = queue.at("task_list");
    c.memory().writeLong(list, list);
    c.memory().writeLong(list + 8, list);
    return 0;
  }
}
