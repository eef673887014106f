package io.linkout.link;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * What a kernel's headers say of it: release, version magic and exports.
 *
 * @param directory as installed by a headers package, with {@code Module.symvers} in it
 * @param vermagic as {@code include/linux/vermagic.h} composes it (6.1) on x86-64
 */
public record KernelHeaders(
    Path directory, String release, String vermagic, boolean modversions, Symvers symvers) {

  /**
   * Reads the headers in {@code directory}.
   *
   * @throws IOException if a file is missing or says nothing, naming it
   */
  public static KernelHeaders read(Path directory) throws IOException {
    Path generated = directory.resolve("include/generated");
    String release = quoted(generated.resolve("utsrelease.h"), "#define UTS_RELEASE ");
    Path config = generated.resolve("autoconf.h");
    Set<String> options = options(config);
    boolean modversions = options.contains("CONFIG_MODVERSIONS");
    StringBuilder magic = new StringBuilder(release).append(' ');
    if (options.contains("CONFIG_SMP")) {
      magic.append("SMP ");
    }
    if (options.contains("CONFIG_PREEMPT_BUILD")) {
      magic.append("preempt ");
    } else if (options.contains("CONFIG_PREEMPT_RT")) {
      magic.append("preempt_rt ");
    }
    if (options.contains("CONFIG_MODULE_UNLOAD")) {
      magic.append("mod_unload ");
    }
    if (modversions) {
      magic.append("modversions ");
    }
    if (options.contains("CONFIG_RANDSTRUCT")) {
      magic
          .append("RANDSTRUCT_")
          .append(
              quoted(generated.resolve("randstruct_hash.h"), "#define RANDSTRUCT_HASHED_SEED "));
    }
    Path symvers = directory.resolve("Module.symvers");
    if (!Files.isReadable(symvers)) {
      throw new IOException(symvers + ": No such file or directory");
    }
    return new KernelHeaders(
        directory, release, magic.toString(), modversions, Symvers.read(symvers));
  }

  private static String quoted(Path file, String define) throws IOException {
    String text = text(file);
    int at = text.indexOf(define + '"');
    int from = at + define.length() + 1;
    int to = at < 0 ? -1 : text.indexOf('"', from);
    if (to < 0) {
      throw new IOException(file + ": no " + define.trim());
    }
    return text.substring(from, to);
  }

  private static Set<String> options(Path file) throws IOException {
    String text = text(file);
    Set<String> options = new HashSet<>();
    for (String option :
        new String[] {
          "CONFIG_SMP",
          "CONFIG_PREEMPT_BUILD",
          "CONFIG_PREEMPT_RT",
          "CONFIG_MODULE_UNLOAD",
          "CONFIG_MODVERSIONS",
          "CONFIG_RANDSTRUCT"
        }) {
      if (text.contains("#define " + option + " 1\n")) {
        options.add(option);
      }
    }
    return options;
  }

  private static String text(Path file) throws IOException {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      throw new IOException(file + ": No such file or directory", e);
    }
  }
}
