package io.linkout.kernel.api.patch;

import io.linkout.kernel.api.Complaints;
import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.api.FunctionTable.Licence;
import io.linkout.kernel.cpu.TrapFrame;
import java.util.List;

/** Changing static keys and static calls (kernel/jump_label.c, kernel/static_call_inline.c). */
public final class StaticKeyFunctions {
  private static final String FILE = "kernel/jump_label.c ";

  private final JumpLabels labels;
  private final Complaints complaints;

  private StaticKeyFunctions(JumpLabels labels, Complaints complaints) {
    this.labels = labels;
    this.complaints = complaints;
  }

  /** Declares the family. */
  public static void declare(
      FunctionTable table, JumpLabels labels, StaticCalls calls, Complaints complaints) {
    StaticKeyFunctions f = new StaticKeyFunctions(labels, complaints);
    for (String suffix : List.of("", "_cpuslocked")) {
      table.real("static_key_enable" + suffix, Licence.GPL, f::enable);
      table.real("static_key_disable" + suffix, Licence.GPL, f::disable);
      table.real("static_key_slow_inc" + suffix, Licence.GPL, f::increment);
    }
    table.real("static_key_slow_dec", Licence.GPL, f::decrement);
    table.real("static_key_count", Licence.GPL, StaticKeyFunctions::count);
    table.modelled("__static_key_slow_dec_deferred", Licence.GPL, f::decrement);
    table.modelled("__static_key_deferred_flush", Licence.GPL, _ -> 0);
    table.modelled("jump_label_rate_limit", Licence.GPL, _ -> 0);
    table.real("jump_label_update_timeout", Licence.GPL, f::decrement);
    table.real(
        "__static_call_update",
        Licence.GPL,
        c -> {
          calls.update(c.argument(0), c.argument(1), c.argument(2));
          return 0;
        });
  }

  private static long count(TrapFrame c) {
    int value = c.memory().readInt(c.argument(0));
    return value >= 0 ? value : 1;
  }

  private long enable(TrapFrame c) {
    long key = c.argument(0);
    int value = c.memory().readInt(key);
    if (value > 0) {
      if (value != 1) {
        complaints.warn(c, FILE + "static_key_enable", "");
      }
      return 0;
    }
    set(c, key, 1);
    return 0;
  }

  private long disable(TrapFrame c) {
    long key = c.argument(0);
    int value = c.memory().readInt(key);
    if (value != 1) {
      if (value != 0) {
        complaints.warn(c, FILE + "static_key_disable", "");
      }
      return 0;
    }
    set(c, key, 0);
    return 0;
  }

  private long increment(TrapFrame c) {
    long key = c.argument(0);
    int value = c.memory().readInt(key);
    if (value == 0) {
      set(c, key, 1);
    } else {
      c.memory().writeInt(key, value + 1);
    }
    return 1;
  }

  private long decrement(TrapFrame c) {
    long key = c.argument(0);
    int value = c.memory().readInt(key);
    if (value <= 0) {
      complaints.warn(c, FILE + "static_key_slow_dec", "jump label: negative count!");
    } else if (value == 1) {
      set(c, key, 0);
    } else {
      c.memory().writeInt(key, value - 1);
    }
    return 0;
  }

  private void set(TrapFrame c, long key, int value) {
    c.memory().writeInt(key, value);
    labels.update(key);
  }
}
