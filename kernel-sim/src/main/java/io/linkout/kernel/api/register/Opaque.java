package io.linkout.kernel.api.register;

import io.linkout.kernel.api.image.KernelData;
import io.linkout.kernel.api.image.KernelImage;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Structures that registering functions return and guest code only passes back: poison, so that
 * looking inside is an oops that names what it is. All have one size and are used again.
 */
final class Opaque {
  private static final int SIZE = 1024;
  private static final int BATCH = 16;

  private final KernelData data;
  private final Deque<Long> free = new ArrayDeque<>();

  Opaque(KernelImage image) {
    this.data = image.data();
  }

  /** Returns the guest address of one, to be reported as {@code name}. */
  long take(String name) {
    if (free.isEmpty()) {
      long batch = data.hidden((long) SIZE * BATCH, name);
      for (int i = 0; i < BATCH; i++) {
        free.add(batch + (long) i * SIZE);
      }
    }
    long address = free.remove();
    data.fillPoison(address, SIZE, name);
    return address;
  }

  void giveBack(long address) {
    free.push(address);
  }
}
