package io.linkout.kernel.api.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Values for what this kernel does not model: canonical addresses that nothing is ever mapped at,
 * one range for each name, so that the fault of whoever follows one tells what it was.
 */
public final class Poison {
  /** In the hole of the x86-64 map between vmemmap's KASAN shadow and the CPU entry area. */
  private static final long BASE = 0xffffdead00000000L;

  private static final long RANGE = 0x10000;

  private final List<String> names = new ArrayList<>();

  /** Returns the value that stands for {@code name}. */
  public long valueFor(String name) {
    int index = names.indexOf(name);
    if (index < 0) {
      index = names.size();
      names.add(name);
    }
    // The middle of the range: offsets may be negative.
    return BASE + index * RANGE + RANGE / 2;
  }

  /** Returns the name whose poison led to {@code address}, if any did. */
  public Optional<String> at(long address) {
    long offset = address - BASE;
    return offset >= 0 && offset < names.size() * RANGE
        ? Optional.of(names.get((int) (offset / RANGE)))
        : Optional.empty();
  }
}
