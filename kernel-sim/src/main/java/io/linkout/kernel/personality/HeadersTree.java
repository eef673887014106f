package io.linkout.kernel.personality;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A directory of a kernel's headers, as distributions package them, or a kernel's build tree. */
final class HeadersTree {
  private static final Pattern UTS_RELEASE = Pattern.compile("#define UTS_RELEASE \"([^\"]+)\"");
  private static final Pattern SEED =
      Pattern.compile("#define RANDSTRUCT_HASHED_SEED \"([^\"]+)\"");

  private final Path directory;

  HeadersTree(Path directory) {
    this.directory = directory.toAbsolutePath().normalize();
  }

  Personality personality(Consumer<String> notices) throws PersonalityException {
    if (!Files.isDirectory(directory)) {
      throw new PersonalityException(directory + ": no such directory of kernel headers");
    }
    Path symvers = required("Module.symvers");
    KernelConfig config = KernelConfig.ofHeader(text(required("include/generated/autoconf.h")));
    if (!config.has("X86_64")) {
      throw new PersonalityException(directory + ": headers of another architecture than x86-64");
    }
    String release = release();
    List<SymbolVersion> exports = ModuleSymvers.kernelExports(symvers);
    if (exports.isEmpty()) {
      throw new PersonalityException(symvers + ": has no row of vmlinux");
    }
    StructLayout layout = ShippedLayout.load();
    return new Personality(
        release,
        Vermagic.of(release, config, seed(config)),
        config.number("HZ", 250),
        layout.of("sizeof.module"),
        config.has("MODVERSIONS"),
        Optional.of(directory),
        Optional.of(symvers),
        exports,
        config,
        layout);
  }

  private String release() throws PersonalityException {
    Path generated = directory.resolve("include/generated/utsrelease.h");
    if (Files.isRegularFile(generated)) {
      Matcher matcher = UTS_RELEASE.matcher(text(generated));
      if (matcher.find()) {
        return matcher.group(1);
      }
    }
    Path configured = directory.resolve("include/config/kernel.release");
    if (Files.isRegularFile(configured)) {
      String release = text(configured).strip();
      if (!release.isEmpty()) {
        return release;
      }
    }
    throw new PersonalityException(
        directory
            + ": neither include/generated/utsrelease.h nor include/config/kernel.release names a"
            + " release");
  }

  private String seed(KernelConfig config) throws PersonalityException {
    if (!config.has("RANDSTRUCT")) {
      return "";
    }
    Matcher matcher = SEED.matcher(text(required("include/generated/randstruct_hash.h")));
    return matcher.find() ? matcher.group(1) : "";
  }

  private Path required(String name) throws PersonalityException {
    Path file = directory.resolve(name);
    if (!Files.isRegularFile(file)) {
      throw new PersonalityException(directory + ": has no " + name);
    }
    return file;
  }

  private static String text(Path file) throws PersonalityException {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new PersonalityException(file + ": cannot be read");
    }
  }
}
