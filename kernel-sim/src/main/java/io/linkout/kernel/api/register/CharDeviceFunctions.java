package io.linkout.kernel.api.register;

import io.linkout.kernel.api.Complaints;
import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.api.FunctionTable.Licence;
import io.linkout.kernel.api.Registrations;
import io.linkout.kernel.api.image.GuestStruct;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.TrapFrame;
import io.linkout.kernel.personality.StructLayout;
import java.util.TreeMap;

/**
 * Device numbers (fs/char_dev.c), cdevs and misc devices (drivers/char/misc.c). A number is a major
 * in 12 bits and a minor in 20.
 */
final class CharDeviceFunctions {
  private static final String REGION = "chrdev-region";
  private static final String MISC = "misc-device";
  private static final int MINOR_BITS = 20;
  private static final long EBUSY = -16;
  private static final long EINVAL = -22;
  private static final int DYNAMIC_MINOR = 255;
  private static final int FIRST_DYNAMIC_MAJOR = 254;
  private static final int LAST_DYNAMIC_MAJOR = 234;
  private static final int MAX_MAJOR = 511;

  private final StructLayout layout;
  private final GuestMemory memory;
  private final Registrations registrations;
  private final Complaints complaints;
  private final Opaque opaque;

  /** Regions by first number, to their length. */
  private final TreeMap<Long, Long> regions = new TreeMap<>();

  private final TreeMap<Integer, Long> miscMinors = new TreeMap<>();

  CharDeviceFunctions(
      StructLayout layout,
      GuestMemory memory,
      Registrations registrations,
      Complaints complaints,
      Opaque opaque) {
    this.layout = layout;
    this.memory = memory;
    this.registrations = registrations;
    this.complaints = complaints;
    this.opaque = opaque;
  }

  void declare(FunctionTable table) {
    table.modelled("__register_chrdev", Licence.ANY, this::registerMajor);
    table.modelled("__unregister_chrdev", Licence.ANY, this::unregisterMajor);
    table.modelled("register_chrdev_region", Licence.ANY, this::registerRegion);
    table.modelled("alloc_chrdev_region", Licence.ANY, this::allocateRegion);
    table.modelled("unregister_chrdev_region", Licence.ANY, this::unregisterRegion);
    table.modelled("cdev_init", Licence.ANY, this::initDevice);
    table.modelled("cdev_add", Licence.ANY, this::addDevice);
    table.modelled("cdev_del", Licence.ANY, this::deleteDevice);
    table.modelled("misc_register", Licence.ANY, this::registerMisc);
    table.modelled("misc_deregister", Licence.ANY, this::deregisterMisc);
  }

  private static long number(long major, long minor) {
    return major << MINOR_BITS | minor;
  }

  private boolean free(long first, long count) {
    var before = regions.lowerEntry(first + count);
    return before == null || before.getKey() + before.getValue() <= first;
  }

  private boolean take(TrapFrame c, long first, long count) {
    if (count <= 0 || !free(first, count)) {
      return false;
    }
    regions.put(first, count);
    registrations.add(REGION, first, 0, c.returnAddress(), () -> regions.remove(first));
    return true;
  }

  /** Returns a major none of whose numbers is taken, or -1. */
  private int freeMajor() {
    for (int major = FIRST_DYNAMIC_MAJOR; major >= LAST_DYNAMIC_MAJOR; major--) {
      if (free(number(major, 0), 1 << MINOR_BITS)) {
        return major;
      }
    }
    for (int major = MAX_MAJOR; major > FIRST_DYNAMIC_MAJOR; major--) {
      if (free(number(major, 0), 1 << MINOR_BITS)) {
        return major;
      }
    }
    return -1;
  }

  /** __register_chrdev(major, first minor, count, name, operations): a major of 0 asks for one. */
  private long registerMajor(TrapFrame c) {
    int wanted = (int) c.argument(0);
    if (wanted < 0 || wanted > MAX_MAJOR) {
      return EINVAL;
    }
    int major = wanted == 0 ? freeMajor() : wanted;
    long count = c.argument(2) & 0xffffffffL;
    if (major < 0 || !take(c, number(major, c.argument(1) & 0xffffffffL), count)) {
      return EBUSY;
    }
    return wanted == 0 ? major : 0;
  }

  private long unregisterMajor(TrapFrame c) {
    return drop(c, number(c.argument(0) & 0xffffffffL, c.argument(1) & 0xffffffffL));
  }

  private long drop(TrapFrame c, long first) {
    if (!registrations.remove(REGION, first)) {
      complaints.warn(c, "fs/char_dev.c", "device numbers are given back that nobody has");
    }
    return 0;
  }

  private long registerRegion(TrapFrame c) {
    return take(c, c.argument(0) & 0xffffffffL, c.argument(1) & 0xffffffffL) ? 0 : EBUSY;
  }

  /** alloc_chrdev_region(dev_t *, first minor, count, name). */
  private long allocateRegion(TrapFrame c) {
    int major = freeMajor();
    long first = number(major, c.argument(1) & 0xffffffffL);
    if (major < 0 || !take(c, first, c.argument(2) & 0xffffffffL)) {
      return EBUSY;
    }
    memory.writeInt(c.argument(0), (int) first);
    return 0;
  }

  private long unregisterRegion(TrapFrame c) {
    return drop(c, c.argument(0) & 0xffffffffL);
  }

  private long initDevice(TrapFrame c) {
    GuestStruct device = new GuestStruct(memory, layout, "cdev", c.argument(0));
    memory.fill(device.address(), layout.of("sizeof.cdev"), 0);
    long list = device.at("list");
    memory.writeLong(list, list);
    memory.writeLong(list + 8, list);
    device.writeLong("ops", c.argument(1));
    return 0;
  }

  private long addDevice(TrapFrame c) {
    GuestStruct device = new GuestStruct(memory, layout, "cdev", c.argument(0));
    device.writeInt("dev", (int) c.argument(1));
    device.writeInt("count", (int) c.argument(2));
    return registrations.add("cdev", device.address(), c.returnAddress()) ? 0 : EBUSY;
  }

  private long deleteDevice(TrapFrame c) {
    if (!registrations.remove("cdev", c.argument(0))) {
      complaints.warn(c, "fs/char_dev.c cdev_del", "cdev was not added");
    }
    return 0;
  }

  private long registerMisc(TrapFrame c) {
    GuestStruct device = new GuestStruct(memory, layout, "miscdevice", c.argument(0));
    int minor = device.readInt("minor");
    boolean dynamic = minor == DYNAMIC_MINOR;
    if (dynamic) {
      minor = 127;
      while (miscMinors.containsKey(minor)) {
        minor--;
      }
    }
    if (minor < 0 || miscMinors.containsKey(minor)) {
      return EBUSY;
    }
    int taken = minor;
    long node = opaque.take("the device of a misc device");
    boolean added =
        registrations.add(
            MISC,
            device.address(),
            0,
            c.returnAddress(),
            () -> {
              miscMinors.remove(taken);
              opaque.giveBack(node);
            });
    if (!added) {
      opaque.giveBack(node);
      return EBUSY;
    }
    miscMinors.put(minor, device.address());
    device.writeInt("minor", minor);
    device.writeLong("this_device", node);
    long list = device.at("list");
    memory.writeLong(list, list);
    memory.writeLong(list + 8, list);
    return 0;
  }

  private long deregisterMisc(TrapFrame c) {
    if (!registrations.remove(MISC, c.argument(0))) {
      complaints.warn(c, "drivers/char/misc.c misc_deregister", "");
    }
    return 0;
  }
}
