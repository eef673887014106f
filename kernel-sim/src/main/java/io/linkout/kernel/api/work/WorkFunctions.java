package io.linkout.kernel.api.work;

import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.api.FunctionTable.Licence;
import io.linkout.kernel.api.Registrations;
import io.linkout.kernel.api.image.GuestStruct;
import io.linkout.kernel.api.image.KernelData;
import io.linkout.kernel.api.image.KernelImage;
import io.linkout.kernel.api.text.FormatArguments;
import io.linkout.kernel.api.text.GuestFormat;
import io.linkout.kernel.api.time.Agenda;
import io.linkout.kernel.api.time.GuestClock;
import io.linkout.kernel.api.time.Sleep;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.GuestOops;
import io.linkout.kernel.cpu.TrapFrame;
import io.linkout.kernel.personality.StructLayout;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Work queues (kernel/workqueue.c): all of them are one, and each work runs to its end. The pending
 * bit of a work is kept where inline code tests it.
 */
final class WorkFunctions {
  private static final String WORK = "work";
  private static final String DELAYED = "delayed work";
  private static final String QUEUE = "workqueue";
  private static final int STRUCTURE = 512;
  private static final long PENDING = 1;

  private final StructLayout layout;
  private final GuestMemory memory;
  private final Agenda agenda;
  private final GuestClock clock;
  private final Sleep sleep;
  private final Registrations registrations;
  private final GuestFormat format;
  private final KernelData data;
  private final Set<Long> freeQueues = new HashSet<>();
  private final Map<Long, String> names = new HashMap<>();

  WorkFunctions(
      StructLayout layout,
      GuestMemory memory,
      Agenda agenda,
      GuestClock clock,
      Sleep sleep,
      Registrations registrations,
      GuestFormat format,
      KernelData data) {
    this.layout = layout;
    this.memory = memory;
    this.agenda = agenda;
    this.clock = clock;
    this.sleep = sleep;
    this.registrations = registrations;
    this.format = format;
    this.data = data;
  }

  void declare(KernelImage image) {
    FunctionTable table = image.text();
    table.modelled("queue_work_on", Licence.ANY, c -> queue(c, c.argument(2)));
    table.modelled("queue_work_node", Licence.GPL, c -> queue(c, c.argument(2)));
    table.modelled("queue_delayed_work_on", Licence.ANY, this::queueDelayed);
    table.modelled("mod_delayed_work_on", Licence.GPL, this::modifyDelayed);
    table.modelled("delayed_work_timer_fn", Licence.ANY, this::timerExpired);
    table.modelled("queue_rcu_work", Licence.ANY, c -> queue(c, c.argument(1)));
    for (String name : List.of("cancel_work", "cancel_work_sync")) {
      table.modelled(name, Licence.GPL, c -> cancel(c.argument(0)) ? 1 : 0);
    }
    for (String name : List.of("cancel_delayed_work", "cancel_delayed_work_sync")) {
      table.modelled(name, Licence.ANY, c -> cancel(c.argument(0)) ? 1 : 0);
    }
    table.modelled("flush_work", Licence.GPL, this::flush);
    table.modelled("flush_delayed_work", Licence.ANY, this::flushDelayed);
    for (String name : List.of("__flush_workqueue", "drain_workqueue")) {
      table.modelled(name, Licence.ANY, c -> sleep.pass(c, 0, 0));
    }
    table.modelled(
        "work_busy", Licence.GPL, c -> (memory.readLong(c.argument(0)) & PENDING) != 0 ? 1 : 0);
    table.modelled("alloc_workqueue", Licence.GPL, this::allocate);
    table.modelled("destroy_workqueue", Licence.GPL, this::destroy);
    table.modelled("workqueue_set_max_active", Licence.GPL, _ -> 0);
    for (String name :
        List.of(
            "system_wq",
            "system_highpri_wq",
            "system_long_wq",
            "system_unbound_wq",
            "system_freezable_wq",
            "system_power_efficient_wq",
            "system_freezable_power_efficient_wq")) {
      Licence licence = name.equals("system_wq") ? Licence.ANY : Licence.GPL;
      long variable = data.variable(name, licence, 8);
      memory.writeLong(variable, structure());
    }
  }

  private long structure() {
    if (!freeQueues.isEmpty()) {
      long address = freeQueues.iterator().next();
      freeQueues.remove(address);
      return address;
    }
    long address = data.hidden(STRUCTURE, QUEUE);
    data.fillPoison(address, STRUCTURE, "struct workqueue_struct");
    return address;
  }

  private GuestStruct work(long address) {
    return new GuestStruct(memory, layout, "work_struct", address);
  }

  private boolean pending(long work) {
    return (work(work).readLong("data") & PENDING) != 0;
  }

  private void pending(long address, boolean pending) {
    GuestStruct work = work(address);
    long value = work.readLong("data");
    work.writeLong("data", pending ? value | PENDING : value & ~PENDING);
  }

  private long queue(TrapFrame c, long work) {
    if (pending(work)) {
      return 0;
    }
    pending(work, true);
    enqueue(WORK, work, clock.nanos(), c.returnAddress());
    return 1;
  }

  private void enqueue(String kind, long address, long due, long caller) {
    long function = work(address).readLong("func");
    if (function == 0) {
      throw new GuestOops("WARNING: kernel/workqueue.c: work without a function");
    }
    registrations.add(kind, address, 0, caller, () -> agenda.cancel(kind, address));
    agenda.add(
        new Agenda.Task(
            kind,
            address,
            due,
            function,
            address,
            () -> {
              registrations.remove(kind, address);
              pending(address, false);
            }));
  }

  /** queue_delayed_work_on(cpu, queue, delayed work, jiffies). */
  private long queueDelayed(TrapFrame c) {
    long delayed = c.argument(2);
    if (pending(delayed)) {
      return 0;
    }
    pending(delayed, true);
    startDelayed(c, delayed, c.argument(3));
    return 1;
  }

  private void startDelayed(TrapFrame c, long address, long jiffies) {
    GuestStruct delayed = new GuestStruct(memory, layout, "delayed_work", address);
    delayed.writeLong("wq", c.argument(1));
    delayed.writeInt("cpu", (int) c.argument(0));
    if (jiffies == 0) {
      enqueue(WORK, address, clock.nanos(), c.returnAddress());
      return;
    }
    long expires = clock.jiffies() + jiffies;
    memory.writeLong(delayed.at("timer") + layout.of("timer_list.expires"), expires);
    enqueue(DELAYED, address, clock.nanosAt(expires), c.returnAddress());
  }

  /** mod_delayed_work_on: returns whether it was pending. */
  private long modifyDelayed(TrapFrame c) {
    boolean was = cancel(c.argument(2));
    pending(c.argument(2), true);
    startDelayed(c, c.argument(2), c.argument(3));
    return was ? 1 : 0;
  }

  /** delayed_work_timer_fn(timer): for those who start the timer of a delayed work themselves. */
  private long timerExpired(TrapFrame c) {
    long work = c.argument(0) - layout.of("delayed_work.timer");
    pending(work, true);
    enqueue(WORK, work, clock.nanos(), c.returnAddress());
    return 0;
  }

  private boolean cancel(long work) {
    boolean was = registrations.remove(WORK, work) || registrations.remove(DELAYED, work);
    if (was) {
      pending(work, false);
    }
    return was;
  }

  /** Runs what is due until the work has run. */
  private long flush(TrapFrame c) {
    long work = c.argument(0);
    boolean was = registrations.find(WORK, work) != null;
    return sleep.await(
        c, () -> registrations.find(WORK, work) == null, clock.nanos(), _ -> was ? 1 : 0);
  }

  private long flushDelayed(TrapFrame c) {
    long work = c.argument(0);
    if (registrations.remove(DELAYED, work)) {
      enqueue(WORK, work, clock.nanos(), c.returnAddress());
    }
    return flush(c);
  }

  /** alloc_workqueue(format, flags, max_active, …). */
  private long allocate(TrapFrame c) {
    String name =
        new String(
            format.bytes(memory, 64, c.argument(0), FormatArguments.ofCall(c, 3)),
            StandardCharsets.ISO_8859_1);
    long queue = structure();
    registrations.add(QUEUE + " " + name, queue, 0, c.returnAddress(), () -> freeQueues.add(queue));
    names.put(queue, name);
    return queue;
  }

  /** Lets what is queued run first. */
  private long destroy(TrapFrame c) {
    long queue = c.argument(0);
    String name = names.remove(queue);
    if (name == null || !registrations.remove(QUEUE + " " + name, queue)) {
      throw new GuestOops(
          String.format("kernel BUG at kernel/workqueue.c: 0x%016x is no workqueue", queue));
    }
    return sleep.pass(c, 0, 0);
  }
}
