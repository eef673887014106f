package io.linkout.kernel.api.lib;

import io.linkout.kernel.api.Complaints;
import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.api.FunctionTable.Licence;
import io.linkout.kernel.api.image.CurrentTask;
import io.linkout.kernel.api.image.GuestStruct;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.TrapFrame;
import io.linkout.kernel.personality.StructLayout;

/**
 * Facts about the machine: one emulated CPU, no firmware tables, no module loader, no firmware
 * files, no user but root.
 */
final class MachineFunctions {
  private static final long ENOENT = -2;
  private static final int ANY = 0xffff;
  private static final int FAMILY_ANY = 0;

  private final StructLayout layout;
  private final GuestMemory memory;
  private final CurrentTask task;
  private final Complaints complaints;
  private final long bootCpu;
  private final int[] features;

  MachineFunctions(
      StructLayout layout,
      GuestMemory memory,
      CurrentTask task,
      Complaints complaints,
      long bootCpu,
      int[] features) {
    this.layout = layout;
    this.memory = memory;
    this.task = task;
    this.complaints = complaints;
    this.bootCpu = bootCpu;
    this.features = features.clone();
  }

  void declare(FunctionTable table) {
    for (String name : new String[] {"capable", "ns_capable", "ns_capable_noaudit"}) {
      table.real(name, _ -> 1);
    }
    table.real("__request_module", _ -> ENOENT);
    table.real("request_firmware", this::requestFirmware);
    table.real("request_firmware_direct", Licence.GPL, this::requestFirmware);
    table.real("release_firmware", _ -> 0);
    for (String name : new String[] {"dmi_check_system", "dmi_first_match", "dmi_match"}) {
      table.real(name, name.equals("dmi_match") ? Licence.GPL : Licence.ANY, _ -> 0);
    }
    for (String name :
        new String[] {"dmi_get_system_info", "dmi_name_in_vendors", "dmi_find_device"}) {
      table.real(name, _ -> 0);
    }
    table.real("cc_platform_has", Licence.GPL, _ -> 0);
    table.real("cpu_has_xfeatures", _ -> 0);
    table.real("irq_fpu_usable", _ -> task.preemptCount() < 0x10000 ? 1 : 0);
    table.real("kernel_fpu_begin_mask", Licence.GPL, _ -> preempt(1));
    table.real("kernel_fpu_end", Licence.GPL, _ -> preempt(-1));
    table.real("x86_match_cpu", this::matchCpu);
    table.real("cpumask_next_wrap", c -> 1);
    table.real("cpumask_local_spread", c -> 0);
    table.real("on_each_cpu_cond_mask", Licence.ANY, MachineFunctions::onOwnCpu);
    table.real("smp_call_function_single", MachineFunctions::callOnOwnCpu);
    table.real("smp_call_function", _ -> 0);
    table.real("smp_call_function_many", _ -> 0);
    table.real("wbinvd_on_all_cpus", _ -> 0);
  }

  private long preempt(int delta) {
    task.addToPreemptCount(delta);
    return 0;
  }

  /** request_firmware(firmware **, name, device): there are no files. */
  private long requestFirmware(TrapFrame c) {
    memory.writeLong(c.argument(0), 0);
    complaints.log(
        4,
        "Direct firmware load for "
            + memory.readString(c.argument(1), 255)
            + " failed with error -2");
    return ENOENT;
  }

  /** Returns the first entry of the table that is this CPU, or 0; an entry of zeroes ends it. */
  private long matchCpu(TrapFrame c) {
    int size = layout.of("sizeof.x86_cpu_id");
    for (long at = c.argument(0); ; at += size) {
      GuestStruct entry = new GuestStruct(memory, layout, "x86_cpu_id", at);
      int vendor = memory.readShort(entry.at("vendor"));
      int family = memory.readShort(entry.at("family"));
      int model = memory.readShort(entry.at("model"));
      int steppings = memory.readShort(entry.at("steppings"));
      int feature = memory.readShort(entry.at("feature"));
      if ((vendor | family | model | steppings | feature) == 0) {
        return 0;
      }
      GuestStruct cpu = new GuestStruct(memory, layout, "cpuinfo_x86", bootCpu);
      boolean matches =
          (vendor == ANY || vendor == memory.readByte(cpu.at("x86_vendor")))
              && (family == FAMILY_ANY || family == memory.readByte(cpu.at("x86")))
              && (model == 0 || model == memory.readByte(cpu.at("x86_model")))
              && (feature == 0 || has(feature));
      if (matches) {
        return at;
      }
    }
  }

  private boolean has(int feature) {
    return feature / 32 < features.length && (features[feature / 32] >>> feature % 32 & 1) != 0;
  }

  /**
   * on_each_cpu_cond_mask(condition, function, argument, wait, mask): the one CPU, if in the mask.
   */
  private static long onOwnCpu(TrapFrame c) {
    if ((c.memory().readLong(c.argument(4)) & 1) == 0) {
      return 0;
    }
    long function = c.argument(1);
    long argument = c.argument(2);
    if (c.argument(0) == 0) {
      c.callGuest(function, new long[] {argument}, _ -> 0);
      return 0;
    }
    c.callGuest(
        c.argument(0),
        new long[] {0, argument},
        rax -> {
          if ((rax & 0xff) != 0) {
            c.callGuest(function, new long[] {argument}, _ -> 0);
          }
          return 0;
        });
    return 0;
  }

  /** smp_call_function_single(cpu, function, argument, wait). */
  private static long callOnOwnCpu(TrapFrame c) {
    if ((int) c.argument(0) != 0) {
      return -6; // ENXIO
    }
    c.callGuest(c.argument(1), new long[] {c.argument(2)}, _ -> 0);
    return 0;
  }
}
