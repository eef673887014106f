package io.linkout.kernel.api.lock;

import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.api.FunctionTable.Licence;
import io.linkout.kernel.api.heap.GuestHeap;
import io.linkout.kernel.api.time.Agenda;
import io.linkout.kernel.api.time.GuestClock;
import io.linkout.kernel.api.time.Sleep;
import io.linkout.kernel.cpu.TrapFrame;
import io.linkout.kernel.personality.StructLayout;
import java.util.List;

/**
 * RCU and SRCU where nobody else reads: a grace period is over as soon as the running code sleeps
 * or its call ends (kernel/rcu/tree.c, srcutree.c).
 */
final class RcuFunctions {
  private static final String KIND = "rcu callback";

  private final StructLayout layout;
  private final Agenda agenda;
  private final Sleep sleep;
  private final GuestClock clock;
  private final GuestHeap heap;

  RcuFunctions(StructLayout layout, Agenda agenda, Sleep sleep, GuestClock clock, GuestHeap heap) {
    this.layout = layout;
    this.agenda = agenda;
    this.sleep = sleep;
    this.clock = clock;
    this.heap = heap;
  }

  void declare(FunctionTable table) {
    table.real("__rcu_read_lock", Licence.GPL, _ -> 0);
    table.real("__rcu_read_unlock", Licence.GPL, _ -> 0);
    table.real("rcu_is_watching", Licence.GPL, _ -> 1);
    table.real("rcu_note_context_switch", Licence.GPL, _ -> 0);
    table.real("rcu_force_quiescent_state", Licence.GPL, _ -> 0);
    table.real("rcu_momentary_eqs", Licence.GPL, _ -> 0);
    for (String name :
        List.of(
            "synchronize_rcu",
            "synchronize_rcu_expedited",
            "synchronize_rcu_tasks",
            "synchronize_net",
            "synchronize_srcu",
            "synchronize_srcu_expedited")) {
      Licence licence = name.equals("synchronize_net") ? Licence.ANY : Licence.GPL;
      table.real(name, licence, c -> sleep.pass(c, 0, 0));
    }
    table.real("rcu_barrier", Licence.GPL, c -> sleep.pass(c, 0, 0));
    table.real("srcu_barrier", Licence.GPL, c -> sleep.pass(c, 0, 0));
    table.real("call_rcu", Licence.GPL, c -> later(c.argument(0), c.argument(1)));
    table.real("call_srcu", Licence.GPL, c -> later(c.argument(1), c.argument(2)));
    table.real("kvfree_call_rcu", Licence.GPL, this::freeLater);
    table.real("get_state_synchronize_rcu", Licence.GPL, _ -> 0);
    table.real("cond_synchronize_rcu", Licence.GPL, c -> sleep.pass(c, 0, 0));
    table.real("init_srcu_struct", Licence.GPL, _ -> 0);
    table.real("cleanup_srcu_struct", Licence.GPL, _ -> 0);
    table.real("__srcu_read_lock", Licence.GPL, _ -> 0);
    table.real("__srcu_read_unlock", Licence.GPL, _ -> 0);
  }

  private long later(long head, long function) {
    agenda.add(new Agenda.Task(KIND, head, clock.nanos(), function, head, () -> {}));
    return 0;
  }

  /**
   * kvfree_call_rcu(head, offset of head in the object), or (NULL, object), as kvfree_rcu of 6.1
   * passes them.
   */
  private long freeLater(TrapFrame c) {
    long head = c.argument(0);
    long object = head != 0 ? head - c.argument(1) : c.argument(1);
    long caller = c.returnAddress();
    if (layout.has("sizeof.rcu_head")) {
      agenda.add(
          new Agenda.Task(
              KIND, object, clock.nanos(), 0, 0, () -> heap.freeAny(object, caller, "kvfree_rcu")));
    }
    return 0;
  }
}
