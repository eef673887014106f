package io.linkout.kernel.api.life;

import io.linkout.kernel.api.LoadImage;
import io.linkout.kernel.api.LoadImage.Kind;
import io.linkout.kernel.api.LoadImage.Segment;
import io.linkout.kernel.api.image.PercpuArea;
import io.linkout.kernel.cpu.GuestLayout;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.Protection;
import java.util.Optional;

/** Puts modules' segments into the guest's address space and takes them out again. */
final class ModuleMapping {
  private final GuestMemory memory;
  private final PercpuArea percpu;

  ModuleMapping(GuestMemory memory, PercpuArea percpu) {
    this.memory = memory;
    this.percpu = percpu;
  }

  /** Returns why {@code image} cannot be mapped, if it cannot. */
  Optional<String> refusal(LoadImage image) {
    for (Segment segment : image.segments()) {
      long size = segment.host().byteSize();
      if (segment.kind() == Kind.PERCPU) {
        if (segment.address() < GuestLayout.PERCPU_MODULES
            || segment.address() > GuestLayout.PERCPU_MODULES_END - size) {
          return Optional.of(
              String.format(
                  "per-CPU template of %d bytes at offset 0x%x is outside the modules' area",
                  size, segment.address()));
        }
      } else if (size == 0 || size % GuestLayout.PAGE != 0) {
        return Optional.of("segment of " + size + " bytes is not in whole pages");
      }
    }
    return Optional.empty();
  }

  /** Maps all segments; what is read-only after init can still be written. */
  void map(GuestModule module) {
    for (Segment segment : module.image().segments()) {
      if (segment.kind() == Kind.PERCPU) {
        percpu.copyTemplate(segment.address(), segment.host());
      } else {
        memory.map(
            segment.address(),
            segment.host(),
            protection(segment.kind()),
            "module " + what(segment.kind()),
            module.name());
        module.addMapped(segment);
      }
    }
  }

  private static Protection protection(Kind kind) {
    return switch (kind) {
      case TEXT, INIT_TEXT -> Protection.READ_EXECUTE;
      case RODATA, INIT_RODATA -> Protection.READ;
      case RO_AFTER_INIT, DATA, INIT_DATA, PERCPU -> Protection.READ_WRITE;
    };
  }

  private static String what(Kind kind) {
    return switch (kind) {
      case TEXT -> "text";
      case RODATA -> "rodata";
      case RO_AFTER_INIT -> "ro_after_init";
      case DATA -> "data";
      case INIT_TEXT -> "init text";
      case INIT_DATA -> "init data";
      case INIT_RODATA -> "init rodata";
      case PERCPU -> "percpu";
    };
  }

  /** Makes read-only what is so after init. */
  void protectAfterInit(GuestModule module) {
    for (Segment segment : module.mapped()) {
      if (segment.kind() == Kind.RO_AFTER_INIT) {
        memory.protect(segment.address(), Protection.READ);
      }
    }
  }

  void unmap(GuestModule module, Segment segment) {
    memory.unmap(segment.address());
    module.removeMapped(segment);
  }

  /** Unmaps all that is left, and clears the per-CPU variables. */
  void unmapAll(GuestModule module) {
    for (Segment segment : module.mapped()) {
      unmap(module, segment);
    }
    for (Segment segment : module.image().segments()) {
      if (segment.kind() == Kind.PERCPU) {
        percpu.clear(segment.address(), segment.host().byteSize());
      }
    }
  }
}
