package io.linkout.kernel.api.register;

import io.linkout.kernel.api.Complaints;
import io.linkout.kernel.api.Registrations;
import io.linkout.kernel.api.image.KernelImage;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.personality.StructLayout;

/** All that can be registered, put together. */
public final class RegistrationFunctions {
  private RegistrationFunctions() {}

  /** Declares it in {@code image}. */
  public static void declare(
      KernelImage image,
      GuestMemory memory,
      StructLayout layout,
      Registrations registrations,
      Complaints complaints) {
    Opaque opaque = new Opaque(image);
    PairedRegistrations.declare(image.text(), registrations, complaints);
    ArrayRegistrations.declare(image.text(), registrations, layout);
    new CharDeviceFunctions(layout, memory, registrations, complaints, opaque)
        .declare(image.text());
    new FileTreeFunctions(registrations, complaints, opaque).declare(image.text());
    new DeviceModelFunctions(registrations, complaints, opaque).declare(image.text(), layout);
  }
}
