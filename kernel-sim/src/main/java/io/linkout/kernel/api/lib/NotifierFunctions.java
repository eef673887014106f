package io.linkout.kernel.api.lib;

import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.api.FunctionTable.Licence;
import io.linkout.kernel.api.image.GuestStruct;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.TrapFrame;
import io.linkout.kernel.personality.StructLayout;

/** Notifier chains of guest code's own (kernel/notifier.c): lists by falling priority. */
final class NotifierFunctions {
  private static final long EEXIST = -17;
  private static final long ENOENT = -2;
  private static final int STOP_MASK = 0x8000;

  private final StructLayout layout;
  private final GuestMemory memory;

  private NotifierFunctions(StructLayout layout, GuestMemory memory) {
    this.layout = layout;
    this.memory = memory;
  }

  static void declare(FunctionTable table, StructLayout layout, GuestMemory memory) {
    NotifierFunctions f = new NotifierFunctions(layout, memory);
    for (String kind : new String[] {"blocking", "atomic", "raw"}) {
      int head = layout.of(kind + "_notifier_head.head");
      String prefix = kind + "_notifier_";
      table.real(prefix + "chain_register", Licence.GPL, c -> f.register(c, head, false));
      if (!kind.equals("raw")) {
        table.real(
            prefix + "chain_register_unique_prio", Licence.GPL, c -> f.register(c, head, true));
      }
      table.real(prefix + "chain_unregister", Licence.GPL, c -> f.unregister(c, head));
      table.real(prefix + "call_chain", Licence.GPL, c -> f.call(c, c.argument(0) + head));
    }
  }

  private GuestStruct block(long address) {
    return new GuestStruct(memory, layout, "notifier_block", address);
  }

  private long register(TrapFrame c, int head, boolean unique) {
    GuestStruct added = block(c.argument(1));
    int priority = added.readInt("priority");
    long link = c.argument(0) + head;
    for (long at = memory.readLong(link); at != 0; at = memory.readLong(link)) {
      if (at == added.address()) {
        return EEXIST;
      }
      int other = block(at).readInt("priority");
      if (priority > other) {
        break;
      }
      if (priority == other && unique) {
        return -16; // EBUSY
      }
      link = block(at).at("next");
    }
    added.writeLong("next", memory.readLong(link));
    memory.writeLong(link, added.address());
    return 0;
  }

  private long unregister(TrapFrame c, int head) {
    long link = c.argument(0) + head;
    for (long at = memory.readLong(link); at != 0; at = memory.readLong(link)) {
      if (at == c.argument(1)) {
        memory.writeLong(link, block(at).readLong("next"));
        return 0;
      }
      link = block(at).at("next");
    }
    return ENOENT;
  }

  private long call(TrapFrame c, long head) {
    return callFrom(c, memory.readLong(head), 0);
  }

  private long callFrom(TrapFrame c, long block, int result) {
    if (block == 0) {
      return result;
    }
    long next = block(block).readLong("next");
    c.callGuest(
        block(block).readLong("notifier_call"),
        new long[] {block, c.argument(1), c.argument(2)},
        rax -> (rax & STOP_MASK) != 0 ? (int) rax : callFrom(c, next, (int) rax));
    return 0;
  }
}
