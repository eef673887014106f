package io.linkout.kernel.api.work;

import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.api.FunctionTable.Licence;
import io.linkout.kernel.api.Registrations;
import io.linkout.kernel.api.time.Agenda;
import io.linkout.kernel.api.time.GuestClock;
import io.linkout.kernel.api.time.Sleep;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.TrapFrame;

/**
 * Tasklets (kernel/softirq.c). struct tasklet_struct: next, state, count (int), use_callback
 * (bool), function, data.
 */
final class TaskletFunctions {
  private static final String KIND = "tasklet";
  private static final int STATE = 8;
  private static final int COUNT = 16;
  private static final int USE_CALLBACK = 20;
  private static final int FUNCTION = 24;
  private static final int DATA = 32;
  private static final int SIZE = 40;

  private final GuestMemory memory;
  private final Agenda agenda;
  private final GuestClock clock;
  private final Sleep sleep;
  private final Registrations registrations;

  TaskletFunctions(
      GuestMemory memory,
      Agenda agenda,
      GuestClock clock,
      Sleep sleep,
      Registrations registrations) {
    this.memory = memory;
    this.agenda = agenda;
    this.clock = clock;
    this.sleep = sleep;
    this.registrations = registrations;
  }

  void declare(FunctionTable table) {
    table.modelled("tasklet_init", Licence.ANY, c -> init(c, false, c.argument(2)));
    table.modelled("tasklet_setup", Licence.ANY, c -> init(c, true, 0));
    table.modelled("__tasklet_schedule", Licence.ANY, this::schedule);
    table.modelled("__tasklet_hi_schedule", Licence.ANY, this::schedule);
    table.modelled("tasklet_kill", Licence.ANY, this::kill);
    table.modelled("tasklet_unlock_wait", Licence.GPL, _ -> 0);
    table.modelled("tasklet_unlock", Licence.GPL, _ -> 0);
  }

  private long init(TrapFrame c, boolean callback, long argument) {
    long tasklet = c.argument(0);
    memory.fill(tasklet, SIZE, 0);
    memory.writeByte(tasklet + USE_CALLBACK, callback ? 1 : 0);
    memory.writeLong(tasklet + FUNCTION, c.argument(1));
    memory.writeLong(tasklet + DATA, argument);
    return 0;
  }

  private long schedule(TrapFrame c) {
    enqueue(c.argument(0), c.returnAddress());
    return 0;
  }

  private void enqueue(long tasklet, long caller) {
    registrations.add(KIND, tasklet, 0, caller, () -> agenda.cancel(KIND, tasklet));
    boolean callback = memory.readByte(tasklet + USE_CALLBACK) != 0;
    boolean enabled = memory.readInt(tasklet + COUNT) == 0;
    if (!enabled) {
      // It stays scheduled and is looked at again at the next tick.
      long next = clock.nanosAt(clock.jiffies() + 1);
      agenda.add(
          new Agenda.Task(
              KIND,
              tasklet,
              next,
              0,
              0,
              () -> {
                registrations.remove(KIND, tasklet);
                enqueue(tasklet, caller);
              }));
      return;
    }
    agenda.add(
        new Agenda.Task(
            KIND,
            tasklet,
            clock.nanos(),
            memory.readLong(tasklet + FUNCTION),
            callback ? tasklet : memory.readLong(tasklet + DATA),
            () -> {
              registrations.remove(KIND, tasklet);
              memory.writeLong(tasklet + STATE, memory.readLong(tasklet + STATE) & ~1L);
            }));
  }

  private long kill(TrapFrame c) {
    long tasklet = c.argument(0);
    return sleep.await(c, () -> registrations.find(KIND, tasklet) == null, clock.nanos(), _ -> 0);
  }
}
