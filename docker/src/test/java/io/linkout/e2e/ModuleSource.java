package io.linkout.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Modules written in a test, compiled as docs say single files are. */
final class ModuleSource {
  private static final String FLAGS =
      "gcc -ffreestanding -O2 -mcmodel=kernel -fno-pic -fno-pie -mno-red-zone"
          + " -fno-asynchronous-unwind-tables -fcf-protection=none";

  private ModuleSource() {}

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
