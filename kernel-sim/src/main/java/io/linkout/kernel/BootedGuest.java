package io.linkout.kernel;

import io.linkout.kernel.api.ExportKeeper;
import io.linkout.kernel.api.GuestKernel;
import io.linkout.kernel.api.KernelBoot;
import io.linkout.kernel.api.KernelOptions;
import io.linkout.kernel.api.oops.TableForms;
import io.linkout.kernel.cpu.unicorn.UnicornCpu;
import io.linkout.kernel.kmsg.Kmsg;
import io.linkout.kernel.module.GuestReferenceCounts;
import io.linkout.kernel.personality.Personality;
import io.linkout.kernel.personality.PersonalityException;
import io.linkout.kernel.server.KernelIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/** Boots the kernel that the options ask for, on an emulated CPU. */
final class BootedGuest implements Daemon.GuestMaker {
  private static final int KERN_NOTICE = 5;

  private final DaemonOptions options;

  BootedGuest(DaemonOptions options) {
    this.options = options;
  }

  @Override
  public Daemon.Guest make(Kmsg kmsg, GuestReferenceCounts references, ExportKeeper exports) {
    Personality personality = personality(kmsg);
    BuildId buildId = new BuildId(personality, exports);
    GuestKernel kernel =
        KernelBoot.boot(
            personality,
            new UnicornCpu(),
            kmsg,
            references,
            KernelOptions.defaults()
                .withInitTimeout(options.initTimeout())
                .withNames(options.keepsSymbols()),
            buildId);
    return new Daemon.Guest(
        kernel, identity(personality, kernel, buildId.text()), TableForms.of(personality.layout()));
  }

  private Personality personality(Kmsg kmsg) {
    Path headers = options.headers();
    if (headers == null) {
      return Personality.builtIn();
    }
    try {
      return Personality.fromHeaders(headers, line -> kmsg.log(KERN_NOTICE, line));
    } catch (PersonalityException e) {
      throw new UncheckedIOException(
          String.valueOf(e.getMessage()), new IOException(e.getMessage(), e));
    }
  }

  private KernelIdentity identity(Personality personality, GuestKernel kernel, String buildId) {
    return new KernelIdentity(
        personality.release(),
        personality.vermagic(),
        buildId,
        UUID.randomUUID().toString(),
        System.currentTimeMillis() * 1000,
        options.clientDirectory(),
        text(personality.headers()),
        text(personality.symvers()),
        Arrays.stream(kernel.features()).boxed().toList(),
        personality.thisModuleSize(),
        personality.modversions(),
        options.keepsSymbols() ? "" : SymbolMapFile.of(options.socket()).toString());
  }

  private static String text(Optional<Path> path) {
    return path.map(Path::toString).orElse("");
  }
}
