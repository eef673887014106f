package io.linkout.kernel.symbol;

import java.util.List;

/**
 * Parts of the address space in which a kernel's symbols lie close together, so that few bits tell
 * one from another. An address outside all of them, or not aligned as its region says, takes 64.
 */
public final class AddressRegions {
  /**
   * A part of the address space.
   *
   * @param start first guest address
   * @param end guest address after the last, unsigned
   * @param shift low bits that are 0 in most addresses in it
   */
  public record Region(long start, long end, int shift) {}

  /** Bits of a region's number; the number after the last one's is for addresses of no region. */
  static final int NUMBER_BITS = 3;

  private final long[] starts;
  private final long[] ends;
  private final byte[] shifts;

  /**
   * Makes these regions.
   *
   * @throws IllegalArgumentException if there are more than 7
   */
  public AddressRegions(List<Region> regions) {
    if (regions.size() >= 1 << NUMBER_BITS) {
      throw new IllegalArgumentException(regions.size() + " regions, at most 7 are possible");
    }
    starts = new long[regions.size()];
    ends = new long[regions.size()];
    shifts = new byte[regions.size()];
    for (int i = 0; i < starts.length; i++) {
      starts[i] = regions.get(i).start();
      ends[i] = regions.get(i).end();
      shifts[i] = (byte) regions.get(i).shift();
    }
  }

  /** Returns the number of the region for {@code address}. */
  int of(long address) {
    for (int i = 0; i < starts.length; i++) {
      if (Long.compareUnsigned(address, starts[i]) >= 0
          && Long.compareUnsigned(address, ends[i]) < 0
          && (address - starts[i] & (1L << shifts[i]) - 1) == 0) {
        return i;
      }
    }
    return starts.length;
  }

  /** Returns the number for addresses of no region. */
  int none() {
    return starts.length;
  }

  /** Returns how far into {@code region} an address lies, in steps of the region. */
  long steps(int region, long address) {
    return region == starts.length ? address : (address - starts[region]) >>> shifts[region];
  }

  /** Returns the address that lies {@code steps} into {@code region}. */
  long address(int region, long steps) {
    return region == starts.length ? steps : starts[region] + (steps << shifts[region]);
  }

  /** Returns the bytes of memory this takes. */
  long bytes() {
    return Sizes.object(3 * Sizes.REFERENCE)
        + Sizes.array(starts.length, 8) * 2
        + Sizes.array(shifts.length, 1);
  }
}
