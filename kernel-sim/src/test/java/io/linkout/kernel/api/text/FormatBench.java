package io.linkout.kernel.api.text;

import io.linkout.kernel.api.FakeTable;
import io.linkout.kernel.api.FakeTrap;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** A kernel that can only format, for tests. */
final class FormatBench {
  /** Where a symbol is known of 0x40 bytes, in module alpha. */
  static final long SYMBOL = 0xffffffffa0001000L;

  /** In a symbol whose name is not kept. */
  static final long NAMELESS = 0xffffffff81000010L;

  final FakeTrap trap = new FakeTrap();
  final List<String> warnings = new ArrayList<>();
  final PointerHash hash = new PointerHash(7);
  final GuestFormat format = new GuestFormat(hash, new Names(), warnings::add);
  final FakeTable table = new FakeTable();
  long failAllocations;

  FormatBench() {
    FormatFunctions.declare(
        table, format, (size, gfp, caller) -> failAllocations > 0 ? 0 : trap.room((int) size));
  }

  /** Returns what snprintf makes of it in a buffer of 4,096 bytes. */
  String print(String text, long... arguments) {
    long mark = trap.mark();
    long buffer = trap.room(4096);
    snprintf(buffer, 4096, text, arguments);
    String printed = trap.readString(buffer);
    trap.rewind(mark);
    return printed;
  }

  /** Calls snprintf and returns its result. */
  long snprintf(long buffer, long size, String text, long... arguments) {
    LongStream fixed = LongStream.of(buffer, size, trap.string(text));
    return call("snprintf", LongStream.concat(fixed, LongStream.of(arguments)).toArray());
  }

  long call(String name, long... arguments) {
    return trap.call(table.function(name), arguments);
  }

  private static final class Names implements AddressNames {
    @Override
    public @Nullable Name lookup(long address) {
      long offset = address - SYMBOL;
      if (offset >= 0 && offset < 0x40) {
        return new Name("alpha_init", offset, 0x40, "alpha");
      }
      return address == 0xffffffff81000000L ? new Name("_text", 0, 0x10, "") : null;
    }

    @Override
    public boolean isNameless(long address) {
      return address == NAMELESS;
    }
  }
}
