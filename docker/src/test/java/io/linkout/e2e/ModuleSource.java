package io.linkout.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Modules written in a test, compiled as docs say single files are. */
final class ModuleSource {
  private static final String FLAGS =
      "gcc -ffreestanding -O2 -mcmodel=kernel -fno-pic -fno-pie -mno-red-zone"
          + " -fno-asynchronous-unwind-tables -fcf-protection=none";

  private ModuleSource() {}

  /** Returns the digits of {@code file}'s SHA-256, the build id of a module that has no other. */
  static String sha256(Path file) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Gives the module {@code file} a GNU build id, as kbuild's last link does, and returns it. */
  static String linkWithBuildId(Path file) throws IOException {
    Path linked = file.resolveSibling(file.getFileName() + ".linked");
    Tool.start(List.of("ld", "-r", "--build-id=sha1", "-o", linked.toString(), file.toString()))
        .await()
        .ok();
    Files.move(linked, file, StandardCopyOption.REPLACE_EXISTING);
    String notes = Tool.start(List.of("readelf", "-n", file.toString())).await().ok().out();
    return notes.replaceAll("(?s).*Build ID: ([0-9a-f]{40})\\b.*", "$1");
  }

  /**
   * Compiles the module {@code name} into {@code file}.
   *
   * @param code with functions {@code start} and {@code stop}; the rest is added: a line before it
   * @param options of gcc's, more of them
   */
  static void compile(String name, String code, Path file, String... options) throws IOException {
    Path source = Files.createTempFile(name, ".c");
    try {
      Files.writeString(
          source,
          "#include <linux/module.h>\n"
              + code
              + "module_init(start);\nmodule_exit(stop);\nMODULE_LICENSE(\"GPL\");\n");
      List<String> gcc = new ArrayList<>(List.of(FLAGS.split(" ")));
      gcc.addAll(List.of(options));
      gcc.addAll(
          List.of(
              "-I" + Tool.TOP.resolve("examples/include"),
              "-DMODULE",
              "-DKBUILD_MODNAME=\"" + name + "\"",
              "-c",
              source.toString(),
              "-o",
              file.toString()));
      Tool.start(gcc).await().ok();
    } finally {
      Files.delete(source);
    }
  }
}
