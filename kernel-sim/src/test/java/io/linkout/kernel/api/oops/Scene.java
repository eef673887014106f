package io.linkout.kernel.api.oops;

import io.linkout.kernel.api.text.AddressNames;
import io.linkout.kernel.cpu.GuestLayout;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.Protection;
import io.linkout.kernel.cpu.Registers;
import java.lang.foreign.Arena;
import java.util.HexFormat;
import java.util.List;

/** Memory with a module's code, its tables, a stack and some kernel text; and names for them. */
final class Scene {
  static final long CODE = GuestLayout.MODULES;
  static final long TABLES = GuestLayout.MODULES + 0x10000;
  static final long STACK = GuestLayout.VMALLOC + GuestLayout.PAGE;
  static final long STACK_TOP = STACK + GuestLayout.PAGE;
  static final long TEXT = GuestLayout.KERNEL_TEXT;

  final GuestMemory memory;
  final TableRegistry tables = new TableRegistry();
  final AddressNames names =
      address ->
          GuestLayout.within(address, CODE, CODE + 0x1000)
              ? new AddressNames.Name("hello_init", address - CODE, 0x1000, "hello")
              : GuestLayout.within(address, TEXT, TEXT + 0x1000)
                  ? new AddressNames.Name("strlen", address - TEXT, 0, "")
                  : null;
  final OopsScene oops =
      new OopsScene(
          321,
          "insmod",
          "Tainted: G           OE     ",
          "6.1.0-56-amd64",
          "#1 Debian",
          "PREEMPT SMP",
          "Linkout",
          List.of("hello(OE+)", "crc7(E)"),
          STACK,
          STACK_TOP);

  Scene() {
    this(GuestMemory.detached());
  }

  Scene(GuestMemory memory) {
    this.memory = memory;
    map(CODE, 2, Protection.READ_EXECUTE);
    map(TABLES, 1, Protection.READ_WRITE);
    map(STACK, 1, Protection.READ_WRITE);
    map(TEXT, 1, Protection.READ_EXECUTE);
  }

  private void map(long address, int pages, Protection protection) {
    memory.map(
        address,
        Arena.ofAuto().allocate((long) pages * GuestLayout.PAGE, GuestLayout.PAGE),
        protection,
        "test",
        "");
  }

  Scene code(String hex) {
    memory.patch(CODE, HexFormat.of().parseHex(hex.replace(" ", "")));
    return this;
  }

  /** Registers with the given rip, rsp and rbp; the others are their number times 0x11. */
  static Registers at(long rip, long rsp, long rbp) {
    return new Registers(
        rip, rsp, 0x10246, 0, 0x33, 0x11, 0x22, 0x66, 0x77, rbp, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd,
        0xee, 0xff);
  }

  OopsReport reports() {
    return new OopsReport(memory, names, tables, MissingSymbols.NONE, ModuleLines.NONE);
  }
}
