package io.linkout.kernel.api.lib;

import io.linkout.kernel.api.Complaints;
import io.linkout.kernel.api.image.CurrentTask;
import io.linkout.kernel.api.image.KernelImage;
import io.linkout.kernel.api.text.GuestFormat;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.kmsg.Kmsg;
import io.linkout.kernel.personality.StructLayout;

/** All library functions, put together. */
public final class LibraryFunctions {
  private LibraryFunctions() {}

  /** Declares them in {@code image}. */
  public static void declare(
      KernelImage image,
      GuestMemory memory,
      StructLayout layout,
      CurrentTask task,
      int[] features,
      GuestFormat format,
      Complaints complaints,
      Kmsg log) {
    NotifierFunctions.declare(image.text(), layout, memory);
    SequenceFileFunctions.declare(image.text(), layout, memory, format);
    DevicePrintFunctions.declare(image.text(), layout, memory, format, log);
    UserMemoryFunctions.declare(image.text());
    TreeFunctions.declare(image.text(), memory);
    new IdentifierFunctions(layout, memory, image.poison()).declare(image.text());
    new MachineFunctions(
            layout, memory, task, complaints, image.symbols().address("boot_cpu_data"), features)
        .declare(image.text());
  }
}
