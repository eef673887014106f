package io.linkout.kernel.personality;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A directory of a kernel's headers, as distributions package them, or a kernel's build tree. */
final class HeadersTree {
  private static final Pattern UTS_RELEASE = Pattern.compile("#define UTS_RELEASE \"([^\"]+)\"");
  private static final Pattern SEED =
      Pattern.compile("#define RANDSTRUCT_HASHED_SEED \"([^\"]+)\"");

  private static final Pattern INCLUDE =
      Pattern.compile("^include\\s+(\\S+)/Makefile\\s*$", Pattern.MULTILINE);

  private final Path directory;
  private final LayoutCache cache;

  /** A tree whose generated layout is kept in {@code cache}. */
  HeadersTree(Path directory, LayoutCache cache) {
    this.cache = cache;
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
    StructLayout layout = layout(release, notices);
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

  private StructLayout layout(String release, Consumer<String> notices)
      throws PersonalityException {
    String key =
        LayoutCache.key(
            LayoutGenerator.questions(),
            release,
            text(required("include/generated/autoconf.h")),
            optionalText("include/config/kernel.release"));
    String name = "layout of " + release;
    Optional<StructLayout> kept = cache.read(key, name);
    if (kept.isPresent()) {
      return kept.get();
    }
    try {
      SortedMap<String, Long> values =
          new LayoutGenerator(directory, sourceTree(), "gcc").generate();
      cache.keep(key, values);
      return new StructLayout(Map.copyOf(values), name);
    } catch (IOException e) {
      notices.accept(
          "structure layouts are those of Debian's 6.1, as the headers of "
              + release
              + " cannot be asked: "
              + e.getMessage());
      return ShippedLayout.load();
    }
  }

  /**
   * Returns where the headers are that do not depend on the configuration. Debian's Makefile
   * includes that of the common headers by its installed path; a tree unpacked below another root
   * has them beside it.
   */
  private Path sourceTree() throws IOException {
    List<Path> candidates = new ArrayList<>(List.of(directory));
    candidates.add(directory.resolve("source"));
    candidates.add(directory.resolveSibling("source"));
    Matcher matcher = INCLUDE.matcher(optionalText("Makefile"));
    if (matcher.find()) {
      Path named = Path.of(matcher.group(1));
      candidates.add(named);
      candidates.add(directory.resolveSibling(named.getFileName()));
    }
    for (Path candidate : candidates) {
      if (Files.isRegularFile(candidate.resolve("include/linux/module.h"))) {
        return candidate;
      }
    }
    throw new IOException("include/linux is neither there nor where its Makefile leads");
  }

  private String optionalText(String name) {
    try {
      return text(directory.resolve(name));
    } catch (PersonalityException e) {
      return "";
    }
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
