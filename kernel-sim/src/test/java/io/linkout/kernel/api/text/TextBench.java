package io.linkout.kernel.api.text;

import io.linkout.kernel.api.FakeTable;
import io.linkout.kernel.api.FakeTrap;
import java.util.Arrays;

/** A kernel with this package's functions only, for tests. */
final class TextBench {
  final FakeTrap trap = new FakeTrap();
  final FakeTable table = new FakeTable();

  TextBench() {
    GuestFormat format = new GuestFormat(new PointerHash(7), AddressNames.NONE, _ -> {});
    TextFunctions.declare(
        table,
        format,
        (size, gfp, caller) -> trap.room((int) size),
        bytes -> Arrays.fill(bytes, (byte) 0xff));
  }

  /** Calls {@code name}. */
  long call(String name, long... arguments) {
    return trap.call(table.function(name), arguments);
  }

  /** Returns the guest address of a new string. */
  long text(String text) {
    return trap.string(text);
  }

  /** Returns the guest address of a string in a buffer of {@code size} bytes filled with #. */
  long buffer(int size, String text) {
    long address = trap.room(size);
    trap.memory().fill(address, size, '#');
    trap.memory()
        .write(address, (text + "\0").getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    return address;
  }

  /** Returns the string at {@code address}. */
  String read(long address) {
    return trap.readString(address);
  }
}
