package io.linkout.kernel.api.register;

import io.linkout.kernel.api.Complaints;
import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.api.FunctionTable.Licence;
import io.linkout.kernel.api.Registrations;
import io.linkout.kernel.cpu.TrapFrame;
import io.linkout.kernel.personality.StructLayout;
import java.util.HashMap;
import java.util.Map;

/**
 * Classes, their devices and sysfs attributes (drivers/base/class.c, core.c; fs/sysfs). No bus has
 * any device, so that drivers' probe functions are never called.
 */
final class DeviceModelFunctions {
  private static final long ENODEV = -19;
  private static final long EEXIST = -17;
  private static final String CLASS = "class";

  private final Registrations registrations;
  private final Complaints complaints;
  private final Opaque opaque;
  private final Map<Long, Long> devices = new HashMap<>();

  DeviceModelFunctions(Registrations registrations, Complaints complaints, Opaque opaque) {
    this.registrations = registrations;
    this.complaints = complaints;
    this.opaque = opaque;
  }

  void declare(FunctionTable table, StructLayout layout) {
    table.modelled("__class_create", Licence.GPL, this::createClass);
    table.modelled("class_destroy", Licence.GPL, this::destroyClass);
    table.modelled("__class_register", Licence.GPL, this::registerClass);
    table.modelled("class_unregister", Licence.GPL, this::unregisterClass);
    table.modelled("device_create", Licence.GPL, this::createDevice);
    table.modelled("device_create_with_groups", Licence.GPL, this::createDevice);
    table.modelled("device_destroy", Licence.GPL, this::destroyDevice);
    // There is no device to find: the driver is taken out again at once.
    table.real("__platform_driver_probe", Licence.GPL, _ -> ENODEV);
    if (layout.has("spi_driver.driver")) {
      int driver = layout.of("spi_driver.driver");
      table.modelled(
          "__spi_register_driver",
          Licence.GPL,
          c -> registrations.add("driver", c.argument(1) + driver, c.returnAddress()) ? 0 : -16);
    }
    declareAttributes(table);
  }

  private void declareAttributes(FunctionTable table) {
    for (String what : new String[] {"group", "groups", "files", "bin_file"}) {
      boolean gpl = !what.equals("files");
      Licence licence = gpl ? Licence.GPL : Licence.ANY;
      table.modelled("sysfs_create_" + what, licence, c -> addAttribute(c, what));
      table.modelled("sysfs_remove_" + what, licence, c -> removeAttribute(c, what));
    }
    table.modelled("sysfs_create_file_ns", Licence.GPL, c -> addAttribute(c, "file"));
    table.modelled("sysfs_remove_file_ns", Licence.GPL, c -> removeAttribute(c, "file"));
    table.modelled("device_create_file", Licence.GPL, c -> addAttribute(c, "device file"));
    table.modelled("device_remove_file", Licence.GPL, c -> removeAttribute(c, "device file"));
    table.modelled("driver_create_file", Licence.GPL, c -> addAttribute(c, "driver file"));
    table.modelled("driver_remove_file", Licence.GPL, c -> removeAttribute(c, "driver file"));
  }

  /** __class_create(owner, name, key). */
  private long createClass(TrapFrame c) {
    String name = c.memory().readString(c.argument(1), 255);
    long address = opaque.take("struct class");
    // Only its name, its first field, may be looked at.
    c.memory().writeLong(address, c.argument(1));
    registrations.add(CLASS, address, 0, c.returnAddress(), () -> opaque.giveBack(address));
    return name.isEmpty() ? -22 : address;
  }

  private long destroyClass(TrapFrame c) {
    long address = c.argument(0);
    if (address != 0 && !(address >= -4095 && address < 0)) {
      unregisterClass(c);
    }
    return 0;
  }

  private long registerClass(TrapFrame c) {
    return registrations.add(CLASS, c.argument(0), c.returnAddress()) ? 0 : EEXIST;
  }

  private long unregisterClass(TrapFrame c) {
    if (!registrations.remove(CLASS, c.argument(0))) {
      complaints.warn(c, "drivers/base/class.c class_unregister", "class is not registered");
    }
    return 0;
  }

  /** device_create(class, parent, number, data, format, …). */
  private long createDevice(TrapFrame c) {
    long number = c.argument(2) & 0xffffffffL;
    long address = opaque.take("struct device");
    devices.put(key(c.argument(0), number), address);
    registrations.add(
        "device",
        address,
        0,
        c.returnAddress(),
        () -> {
          devices.values().remove(address);
          opaque.giveBack(address);
        });
    return address;
  }

  private static long key(long owner, long number) {
    return owner * 31 + number;
  }

  private long destroyDevice(TrapFrame c) {
    Long address = devices.get(key(c.argument(0), c.argument(1) & 0xffffffffL));
    if (address != null) {
      registrations.remove("device", address);
    }
    return 0;
  }

  private static String attribute(TrapFrame c, String what) {
    return String.format("sysfs %s of 0x%x", what, c.argument(0));
  }

  private long addAttribute(TrapFrame c, String what) {
    return registrations.add(attribute(c, what), c.argument(1), c.returnAddress()) ? 0 : EEXIST;
  }

  private long removeAttribute(TrapFrame c, String what) {
    registrations.remove(attribute(c, what), c.argument(1));
    return 0;
  }
}
