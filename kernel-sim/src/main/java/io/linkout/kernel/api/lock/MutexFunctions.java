package io.linkout.kernel.api.lock;

import io.linkout.kernel.api.Complaints;
import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.api.FunctionTable.Licence;
import io.linkout.kernel.api.image.CurrentTask;
import io.linkout.kernel.api.image.GuestStruct;
import io.linkout.kernel.api.time.GuestClock;
import io.linkout.kernel.api.time.Sleep;
import io.linkout.kernel.cpu.TrapFrame;
import io.linkout.kernel.personality.StructLayout;
import java.util.List;

/**
 * Mutexes, semaphores and read-write semaphores (kernel/locking/mutex.c, semaphore.c, rwsem.c). A
 * mutex or rwsem that is held is held by the one task there is, which now waits for itself.
 */
final class MutexFunctions {
  private static final int FLAGS = 7;
  private static final long WRITER = 1;
  private static final long READER = 0x100;
  private static final int ETIME = 62;

  private final StructLayout layout;
  private final CurrentTask task;
  private final Deadlocks deadlocks;
  private final Complaints complaints;
  private final Sleep sleep;
  private final GuestClock clock;

  MutexFunctions(
      StructLayout layout,
      CurrentTask task,
      Deadlocks deadlocks,
      Complaints complaints,
      Sleep sleep,
      GuestClock clock) {
    this.layout = layout;
    this.task = task;
    this.deadlocks = deadlocks;
    this.complaints = complaints;
    this.sleep = sleep;
    this.clock = clock;
  }

  void declare(FunctionTable table) {
    table.real("__mutex_init", this::initMutex);
    table.real("mutex_lock", this::lock);
    table.real("mutex_lock_interruptible", this::lock);
    table.real("mutex_lock_killable", this::lock);
    table.real("mutex_lock_io", Licence.GPL, this::lock);
    table.real("mutex_trylock", this::trylock);
    table.real("mutex_unlock", this::unlock);
    table.real("mutex_is_locked", c -> owner(c) != 0 ? 1 : 0);
    table.real("atomic_dec_and_mutex_lock", this::decrementAndLock);
    table.real("refcount_dec_and_mutex_lock", this::decrementAndLock);
    table.real("refcount_dec_if_one", MutexFunctions::decrementIfOne);
    table.real("refcount_dec_not_one", MutexFunctions::decrementIfNotOne);
    for (String name : List.of("down", "down_interruptible", "down_killable")) {
      table.real(name, c -> down(c, Long.MAX_VALUE));
    }
    table.real("down_timeout", this::downTimeout);
    table.real("down_trylock", this::downTrylock);
    table.real("up", this::up);
    table.real("__init_rwsem", this::initRwsem);
    for (String name : List.of("down_read", "down_read_interruptible", "down_read_killable")) {
      table.real(name, c -> downRead(c, false));
    }
    table.real("down_read_trylock", c -> downRead(c, true));
    table.real("up_read", c -> addToRwsem(c, -READER));
    table.real("down_write", c -> downWrite(c, false));
    table.real("down_write_killable", c -> downWrite(c, false));
    table.real("down_write_trylock", c -> downWrite(c, true));
    table.real("up_write", this::upWrite);
    table.real("downgrade_write", c -> addToRwsem(c, READER - WRITER));
  }

  private GuestStruct mutex(TrapFrame c, long address) {
    return new GuestStruct(c.memory(), layout, "mutex", address);
  }

  private static void initList(TrapFrame c, long head) {
    c.memory().writeLong(head, head);
    c.memory().writeLong(head + 8, head);
  }

  private long initMutex(TrapFrame c) {
    GuestStruct mutex = mutex(c, c.argument(0));
    mutex.writeLong("owner", 0);
    mutex.writeInt("wait_lock", 0);
    if (layout.has("mutex.osq")) {
      mutex.writeInt("osq", 0);
    }
    initList(c, mutex.at("wait_list"));
    return 0;
  }

  private long owner(TrapFrame c) {
    return mutex(c, c.argument(0)).readLong("owner") & ~(long) FLAGS;
  }

  private long lock(TrapFrame c) {
    if (owner(c) != 0) {
      throw deadlocks.held("mutex", c.argument(0));
    }
    own(c, c.argument(0));
    return 0;
  }

  private void own(TrapFrame c, long mutex) {
    mutex(c, mutex).writeLong("owner", task.address());
    deadlocks.taken(mutex, c.returnAddress());
  }

  private long trylock(TrapFrame c) {
    if (owner(c) != 0) {
      return 0;
    }
    own(c, c.argument(0));
    return 1;
  }

  private long unlock(TrapFrame c) {
    if (owner(c) == 0) {
      complaints.warn(
          c,
          "kernel/locking/mutex.c mutex_unlock",
          String.format("mutex at 0x%016x is unlocked and not locked", c.argument(0)));
    }
    mutex(c, c.argument(0)).writeLong("owner", 0);
    deadlocks.released(c.argument(0));
    return 0;
  }

  private long decrementAndLock(TrapFrame c) {
    int value = c.memory().readInt(c.argument(0));
    if (value != 1) {
      c.memory().writeInt(c.argument(0), value - 1);
      return 0;
    }
    long mutex = c.argument(1);
    if (mutex(c, mutex).readLong("owner") != 0) {
      throw deadlocks.held("mutex", mutex);
    }
    own(c, mutex);
    c.memory().writeInt(c.argument(0), 0);
    return 1;
  }

  private static long decrementIfOne(TrapFrame c) {
    if (c.memory().readInt(c.argument(0)) != 1) {
      return 0;
    }
    c.memory().writeInt(c.argument(0), 0);
    return 1;
  }

  private static long decrementIfNotOne(TrapFrame c) {
    int value = c.memory().readInt(c.argument(0));
    if (value == 1) {
      return 0;
    }
    c.memory().writeInt(c.argument(0), value - 1);
    return 1;
  }

  private GuestStruct semaphore(TrapFrame c) {
    return new GuestStruct(c.memory(), layout, "semaphore", c.argument(0));
  }

  /** Timers and queued work may raise a semaphore while this waits. */
  private long down(TrapFrame c, long deadline) {
    GuestStruct semaphore = semaphore(c);
    return sleep.await(
        c,
        () -> semaphore.readInt("count") > 0,
        deadline,
        end -> {
          switch (end) {
            case DONE -> semaphore.writeInt("count", semaphore.readInt("count") - 1);
            case TIMED_OUT -> {
              return -ETIME;
            }
            case HOPELESS -> throw Deadlocks.hopeless("semaphore", semaphore.address());
          }
          return 0;
        });
  }

  private long downTimeout(TrapFrame c) {
    return down(c, clock.nanosAt(clock.jiffies() + Math.min(c.argument(1), 1L << 40)));
  }

  /** Returns 0 if it was taken: the other way round than the other trylocks. */
  private long downTrylock(TrapFrame c) {
    GuestStruct semaphore = semaphore(c);
    int count = semaphore.readInt("count");
    if (count <= 0) {
      return 1;
    }
    semaphore.writeInt("count", count - 1);
    return 0;
  }

  private long up(TrapFrame c) {
    GuestStruct semaphore = semaphore(c);
    semaphore.writeInt("count", semaphore.readInt("count") + 1);
    return 0;
  }

  private GuestStruct rwsem(TrapFrame c) {
    return new GuestStruct(c.memory(), layout, "rw_semaphore", c.argument(0));
  }

  private long initRwsem(TrapFrame c) {
    GuestStruct rwsem = rwsem(c);
    rwsem.writeLong("count", 0);
    rwsem.writeLong("owner", 0);
    rwsem.writeInt("wait_lock", 0);
    if (layout.has("rw_semaphore.osq")) {
      rwsem.writeInt("osq", 0);
    }
    initList(c, rwsem.at("wait_list"));
    return 0;
  }

  private long downRead(TrapFrame c, boolean only) {
    GuestStruct rwsem = rwsem(c);
    long count = rwsem.readLong("count");
    if ((count & WRITER) != 0) {
      if (only) {
        return 0;
      }
      throw deadlocks.held("rwsem (for writing)", rwsem.address());
    }
    rwsem.writeLong("count", count + READER);
    return only ? 1 : 0;
  }

  private long downWrite(TrapFrame c, boolean only) {
    GuestStruct rwsem = rwsem(c);
    if (rwsem.readLong("count") != 0) {
      if (only) {
        return 0;
      }
      throw deadlocks.held("rwsem", rwsem.address());
    }
    rwsem.writeLong("count", WRITER);
    rwsem.writeLong("owner", task.address());
    deadlocks.taken(rwsem.address(), c.returnAddress());
    return only ? 1 : 0;
  }

  private long upWrite(TrapFrame c) {
    deadlocks.released(c.argument(0));
    rwsem(c).writeLong("owner", 0);
    return addToRwsem(c, -WRITER);
  }

  private long addToRwsem(TrapFrame c, long delta) {
    GuestStruct rwsem = rwsem(c);
    rwsem.writeLong("count", rwsem.readLong("count") + delta);
    return 0;
  }
}
