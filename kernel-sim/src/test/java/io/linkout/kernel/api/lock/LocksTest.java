package io.linkout.kernel.api.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.kernel.api.GuestProgram;
import io.linkout.kernel.cpu.GuestLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Locks on one CPU: what can be had is had, what never can be is a self-deadlock. */
class LocksTest {
  private final GuestProgram guest = new GuestProgram();

  @AfterEach
  void close() {
    guest.close();
  }

  @ParameterizedTest
  @CsvSource({
    "mutex_lock, mutex_unlock, mutex",
    "mutex_lock_interruptible, mutex_unlock, mutex",
    "down_write, up_write, rwsem",
    "_raw_spin_lock, _raw_spin_unlock, spin lock",
    "_raw_spin_lock_bh, _raw_spin_unlock_bh, spin lock",
    "_raw_spin_lock_irq, _raw_spin_unlock_irq, spin lock",
    "_raw_write_lock, _raw_write_unlock, read-write spin lock"
  })
  void aLockCanBeTakenAgainOnceReleased(String lock, String unlock, String kind) {
    long address = guest.room(64);
    guest.call(lock, address);
    assertThat(guest.dies(lock, address).getFirst())
        .startsWith("linkout: self-deadlock: " + kind + " at 0x" + Long.toHexString(address))
        .contains("is held");
    guest.call(unlock, address);
    guest.call(lock, address);
  }

  @ParameterizedTest
  @CsvSource({
    "mutex_trylock, mutex_unlock, 1, 0",
    "down_write_trylock, up_write, 1, 0",
    "_raw_spin_trylock, _raw_spin_unlock, 1, 0",
    "_raw_write_trylock, _raw_write_unlock, 1, 0"
  })
  void tryingTellsWhetherItWasFree(String trylock, String unlock, long free, long taken) {
    long address = guest.room(64);
    assertThat(guest.call(trylock, address)).isEqualTo(free);
    assertThat(guest.call(trylock, address)).isEqualTo(taken);
    guest.call(unlock, address);
    assertThat(guest.call(trylock, address)).isEqualTo(free);
  }

  @Test
  void readersShareAndKeepWritersOut() {
    long rwsem = guest.room(64);
    guest.call("down_read", rwsem);
    guest.call("down_read", rwsem);
    assertThat(guest.call("down_write_trylock", rwsem)).isZero();
    guest.call("up_read", rwsem);
    guest.call("up_read", rwsem);
    assertThat(guest.call("down_write_trylock", rwsem)).isEqualTo(1);
    assertThat(guest.call("down_read_trylock", rwsem)).isZero();
    guest.call("downgrade_write", rwsem);
    assertThat(guest.call("down_read_trylock", rwsem)).isEqualTo(1);
  }

  @Test
  void aSemaphoreCounts() {
    long semaphore = guest.room(64);
    guest.memory().writeInt(semaphore + 4, 2);
    guest.call("down", semaphore);
    guest.call("down", semaphore);
    assertThat(guest.call("down_trylock", semaphore)).isEqualTo(1);
    assertThat(guest.dies("down", semaphore).getFirst()).contains("self-deadlock: semaphore");
    assertThat((int) guest.call("down_timeout", semaphore, 10)).isEqualTo(-62);
    guest.call("up", semaphore);
    assertThat(guest.call("down_trylock", semaphore)).isZero();
  }

  @Test
  void waitingForACompletionThatNothingCompletesIsHopeless() {
    long completion = guest.room(64);
    assertThat(guest.dies("wait_for_completion", completion).getFirst())
        .contains("self-deadlock: completion");
    long before = guest.memory().readLong(guest.address("jiffies"));
    assertThat(guest.call("wait_for_completion_timeout", completion, 250)).isZero();
    assertThat(guest.memory().readLong(guest.address("jiffies")) - before)
        .isGreaterThanOrEqualTo(250);
    guest.call("complete", completion);
    assertThat(guest.call("wait_for_completion_timeout", completion, 250)).isEqualTo(250);
    assertThat(guest.call("completion_done", completion)).isZero();
  }

  @Test
  void workThatIsQueuedCompletesWhatIsWaitedFor() {
    long completion = guest.room(64);
    long work = guest.room(64);
    guest
        .memory()
        .writeLong(
            work + 24,
            guest.code(
                new io.linkout.kernel.api.Assembly()
                    .enter()
                    .argument(0, completion)
                    .call(guest.address("complete"))
                    .leave(0)));
    long body =
        guest.code(
            new io.linkout.kernel.api.Assembly()
                .enter()
                .argument(0, 0)
                .argument(1, 0)
                .argument(2, work)
                .call(guest.address("queue_work_on"))
                .argument(0, completion)
                .call(guest.address("wait_for_completion"))
                .leave(7));
    long index = guest.room(16);
    guest.memory().writeLong(index, 0);
    // Runs the body as a callback of a kernel function: smp_call_function_single calls it here.
    guest.call("smp_call_function_single", 0, body, 0, 1);
    assertThat(guest.memory().readInt(completion)).isZero();
    assertThat(guest.counters().registrations()).isZero();
  }

  @Test
  void preemptionAndInterruptsAreCounted() {
    long lock = guest.room(64);
    long percpu = GuestLayout.PERCPU;
    guest.call("_raw_spin_lock", lock);
    assertThat(guest.lines()).anyMatch(l -> l.contains("returned with preemption imbalance"));
    long count = percpu + guest.address("__preempt_count");
    assertThat(guest.memory().readInt(count)).isEqualTo(0x80000000);
  }

  @Test
  void irqsaveReturnsTheFlagsAndRestoreSetsThem() {
    long lock = guest.room(64);
    assertThat(guest.call("_raw_spin_lock_irqsave", lock) & 0x200).isEqualTo(0x200);
    assertThat(guest.lines()).anyMatch(l -> l.contains("disabled interrupts"));
  }

  @Test
  void corruptListsAreABug() {
    long head = guest.room(16);
    long entry = guest.room(16);
    guest.memory().writeLong(head, head);
    guest.memory().writeLong(head + 8, head);
    assertThat(guest.call("__list_add_valid", entry, head, head)).isEqualTo(1);
    assertThat(guest.dies("__list_add_valid", head, head, head).getFirst())
        .contains("kernel BUG at lib/list_debug.c");
    assertThat(guest.lines()).anyMatch(l -> l.startsWith("list_add double add"));
    guest.memory().writeLong(entry, 0xdead000000000100L);
    guest.memory().writeLong(entry + 8, 0xdead000000000122L);
    guest.dies("__list_del_entry_valid", entry);
    assertThat(guest.lines()).anyMatch(l -> l.contains("LIST_POISON1"));
  }

  @Test
  void referenceCountsSaturateWithAWarning() {
    long count = guest.room(4);
    guest.call("refcount_warn_saturate", count, 3);
    assertThat(guest.memory().readInt(count)).isEqualTo(0xc0000000);
    assertThat(guest.lines()).anyMatch(l -> l.equals("refcount_t: underflow; use-after-free."));
    assertThat(guest.counters().taints()).contains("W");
  }
}
