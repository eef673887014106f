package io.linkout.kernel.api.lock;

import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.api.FunctionTable.Licence;
import io.linkout.kernel.api.image.CurrentTask;
import io.linkout.kernel.api.image.InterruptFlag;
import io.linkout.kernel.cpu.TrapFrame;
import java.util.List;

/**
 * Spin locks and read-write spin locks (kernel/locking/spinlock.c; asm-generic/qspinlock_types.h
 * and qrwlock_types.h). Disabling interrupts and preemption is counted where inline code looks.
 */
final class SpinFunctions {
  private static final int LOCKED = 1;
  private static final int WRITER = 0xff;
  private static final int WRITER_MASK = 0x1ff;
  private static final int READER = 0x200;

  /** SOFTIRQ_DISABLE_OFFSET of the preemption count. */
  private static final int BOTTOM_HALVES = 0x200;

  /** What a lock function also does to interrupts. */
  private enum Mode {
    PLAIN,
    IRQ,
    IRQSAVE,
    BH
  }

  private final CurrentTask task;
  private final InterruptFlag interrupts;
  private final Deadlocks deadlocks;

  private SpinFunctions(CurrentTask task, InterruptFlag interrupts, Deadlocks deadlocks) {
    this.task = task;
    this.interrupts = interrupts;
    this.deadlocks = deadlocks;
  }

  static void declare(
      FunctionTable table, CurrentTask task, InterruptFlag interrupts, Deadlocks deadlocks) {
    SpinFunctions f = new SpinFunctions(task, interrupts, deadlocks);
    for (Mode mode : Mode.values()) {
      String lock =
          switch (mode) {
            case PLAIN -> "";
            case IRQ -> "_irq";
            case IRQSAVE -> "_irqsave";
            case BH -> "_bh";
          };
      String unlock = mode == Mode.IRQSAVE ? "_irqrestore" : lock;
      table.real("_raw_spin_lock" + lock, c -> f.lock(c, mode, f::takeSpin));
      table.real("_raw_spin_unlock" + unlock, c -> f.unlock(c, mode, f::releaseSpin));
      table.real("_raw_read_lock" + lock, c -> f.lock(c, mode, f::takeRead));
      table.real("_raw_read_unlock" + unlock, c -> f.unlock(c, mode, f::releaseRead));
      table.real("_raw_write_lock" + lock, c -> f.lock(c, mode, f::takeWrite));
      table.real("_raw_write_unlock" + unlock, c -> f.unlock(c, mode, f::releaseWrite));
    }
    table.real("_raw_write_lock_nested", c -> f.lock(c, Mode.PLAIN, f::takeWrite));
    table.real("_raw_spin_trylock", c -> f.trylock(c, Mode.PLAIN, 0, LOCKED));
    table.real("_raw_spin_trylock_bh", c -> f.trylock(c, Mode.BH, 0, LOCKED));
    table.real("_raw_write_trylock", c -> f.trylock(c, Mode.PLAIN, 0, WRITER));
    table.real("_raw_read_trylock", f::readTrylock);
    for (String name :
        List.of(
            "queued_read_lock_slowpath",
            "queued_write_lock_slowpath",
            "native_queued_spin_lock_slowpath")) {
      Licence licence = name.startsWith("native") ? Licence.GPL : Licence.ANY;
      table.real(
          name,
          licence,
          c -> {
            throw deadlocks.held("spin lock", c.argument(0));
          });
    }
    table.real("__local_bh_enable_ip", c -> f.count(-(int) c.argument(1)));
    table.real("__local_bh_disable_ip", c -> f.count((int) c.argument(1)));
    table.real("_local_bh_enable", _ -> f.count(-BOTTOM_HALVES));
    table.real("_atomic_dec_and_lock", c -> f.decrementAndLock(c, false));
    table.real("_atomic_dec_and_lock_irqsave", c -> f.decrementAndLock(c, true));
    table.real("refcount_dec_and_lock", c -> f.decrementAndLock(c, false));
    table.real("refcount_dec_and_lock_irqsave", c -> f.decrementAndLock(c, true));
  }

  private long count(int delta) {
    task.addToPreemptCount(delta);
    return 0;
  }

  private interface Take {
    void take(TrapFrame c, long lock);
  }

  private interface Release {
    void release(TrapFrame c, long lock);
  }

  private long lock(TrapFrame c, Mode mode, Take take) {
    take.take(c, c.argument(0));
    return begin(mode);
  }

  /** Returns the interrupt flags as they were, for irqsave. */
  private long begin(Mode mode) {
    task.addToPreemptCount(mode == Mode.BH ? BOTTOM_HALVES + 1 : 1);
    return mode == Mode.IRQ || mode == Mode.IRQSAVE ? interrupts.save() : 0;
  }

  private long unlock(TrapFrame c, Mode mode, Release release) {
    release.release(c, c.argument(0));
    switch (mode) {
      case IRQ -> interrupts.enable();
      case IRQSAVE -> interrupts.restore(c.argument(1));
      default -> {}
    }
    task.addToPreemptCount(mode == Mode.BH ? -BOTTOM_HALVES - 1 : -1);
    return 0;
  }

  private long trylock(TrapFrame c, Mode mode, int free, int taken) {
    long lock = c.argument(0);
    if (c.memory().readInt(lock) != free) {
      return 0;
    }
    c.memory().writeInt(lock, taken);
    deadlocks.taken(lock, c.returnAddress());
    begin(mode);
    return 1;
  }

  private long readTrylock(TrapFrame c) {
    long lock = c.argument(0);
    int value = c.memory().readInt(lock);
    if ((value & WRITER_MASK) != 0) {
      return 0;
    }
    c.memory().writeInt(lock, value + READER);
    begin(Mode.PLAIN);
    return 1;
  }

  private void takeSpin(TrapFrame c, long lock) {
    if (c.memory().readInt(lock) != 0) {
      throw deadlocks.held("spin lock", lock);
    }
    c.memory().writeInt(lock, LOCKED);
    deadlocks.taken(lock, c.returnAddress());
  }

  /** Linux stores a zero byte, whatever was there. */
  private void releaseSpin(TrapFrame c, long lock) {
    c.memory().writeByte(lock, 0);
    deadlocks.released(lock);
  }

  private void takeRead(TrapFrame c, long lock) {
    int value = c.memory().readInt(lock);
    if ((value & WRITER_MASK) != 0) {
      throw deadlocks.held("read-write spin lock", lock);
    }
    c.memory().writeInt(lock, value + READER);
  }

  private void releaseRead(TrapFrame c, long lock) {
    c.memory().writeInt(lock, c.memory().readInt(lock) - READER);
  }

  private void takeWrite(TrapFrame c, long lock) {
    if (c.memory().readInt(lock) != 0) {
      throw deadlocks.held("read-write spin lock", lock);
    }
    c.memory().writeInt(lock, WRITER);
    deadlocks.taken(lock, c.returnAddress());
  }

  private void releaseWrite(TrapFrame c, long lock) {
    c.memory().writeByte(lock, 0);
    deadlocks.released(lock);
  }

  /** _atomic_dec_and_lock(counter, lock[, flags *]): takes the lock only if the counter gets 0. */
  private long decrementAndLock(TrapFrame c, boolean save) {
    long counter = c.argument(0);
    int value = c.memory().readInt(counter);
    if (value != 1) {
      c.memory().writeInt(counter, value - 1);
      return 0;
    }
    takeSpin(c, c.argument(1));
    c.memory().writeInt(counter, 0);
    long flags = begin(save ? Mode.IRQSAVE : Mode.PLAIN);
    if (save) {
      c.memory().writeLong(c.argument(2), flags);
    }
    return 1;
  }
}
