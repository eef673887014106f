package io.linkout.kernel;

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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;

/** Boots the kernel that the options ask for, on an emulated CPU. */
final class BootedGuest implements Daemon.GuestMaker {
  private static final int KERN_NOTICE = 5;
  private static final int BUILD_ID_BYTES = 20;

  private final DaemonOptions options;

  BootedGuest(DaemonOptions options) {
    this.options = options;
  }

  @Override
  public Daemon.Guest make(Kmsg kmsg, GuestReferenceCounts references) {
    Personality personality = personality(kmsg);
    GuestKernel kernel =
        KernelBoot.boot(
            personality,
            new UnicornCpu(),
            kmsg,
            references,
            KernelOptions.defaults().withInitTimeout(options.initTimeout()));
    return new Daemon.Guest(
        kernel, identity(personality, kernel), TableForms.of(personality.layout()));
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

  private KernelIdentity identity(Personality personality, GuestKernel kernel) {
    return new KernelIdentity(
        personality.release(),
        personality.vermagic(),
        buildId(personality, kernel),
        UUID.randomUUID().toString(),
        System.currentTimeMillis() * 1000,
        options.clientDirectory(),
        text(personality.headers()),
        text(personality.symvers()),
        Arrays.stream(kernel.features()).boxed().toList(),
        personality.thisModuleSize(),
        personality.modversions());
  }

  /**
   * This kernel has no image that a linker could have stamped: its id is a hash of what modules see
   * of it, release, version magic and every export with its address and CRC.
   */
  private static String buildId(Personality personality, GuestKernel kernel) {
    MessageDigest digest = sha256();
    update(digest, personality.release());
    update(digest, personality.vermagic());
    kernel.exports().forEach(e -> update(digest, e.name() + " " + e.address() + " " + e.crc()));
    return HexFormat.of().formatHex(digest.digest(), 0, BUILD_ID_BYTES);
  }

  private static void update(MessageDigest digest, String line) {
    digest.update((line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }

  private static String text(Optional<Path> path) {
    return path.map(Path::toString).orElse("");
  }
}
