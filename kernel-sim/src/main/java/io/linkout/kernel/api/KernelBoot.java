package io.linkout.kernel.api;

import io.linkout.kernel.cpu.Cpu;
import io.linkout.kernel.kmsg.Kmsg;
import io.linkout.kernel.personality.Personality;

/** Puts a kernel into an empty CPU. */
public final class KernelBoot {
  private KernelBoot() {}

  /**
   * Boots a kernel on the calling thread, which is the CPU thread from now on. The kernel owns
   * {@code cpu} and closes it.
   */
  @SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"}) // the kernel is not landed yet
  public static GuestKernel boot(
      Personality personality,
      Cpu cpu,
      Kmsg log,
      GuestReferences references,
      KernelOptions options) {
    cpu.close();
    throw new UnsupportedOperationException(personality.release() + ": not there yet");
  }
}
