package io.linkout.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;

/**
 * Modules made for a storm, in a tree that modprobe reads: each calls functions of up to three with
 * lower numbers, checks what they return, and takes memory; each tells the kernel's log when its
 * init and its exit run, in the order in which they do.
 */
final class StormModules {
  /** Release of the tree, that of the built-in personality. */
  private static final String RELEASE = "6.1.0-linkout";

  /** Bytes of each object that a module allocates. */
  static final int OBJECT = 64;

  /**
   * One module.
   *
   * @param needs numbers of the modules it calls, ascending
   * @param exports how many symbols it exports
   * @param objects how many objects of {@link #OBJECT} bytes it holds while it is live
   * @param busy rounds of a loop that its init takes, 0 for none
   */
  record Kind(int number, List<Integer> needs, int exports, int objects, int busy) {
    String name() {
      return StormModules.name(number);
    }

    /** Returns the names of its exports. */
    List<String> symbols() {
      List<String> symbols = new ArrayList<>();
      for (int i = 0; i < exports; i++) {
        symbols.add(name() + "_" + i);
      }
      return symbols;
    }
  }

  private final List<Kind> kinds = new ArrayList<>();
  private final Map<String, Kind> byName = new HashMap<>();
  private final Path root;

  /** Chooses {@code count} modules by {@code random} for a tree at {@code root}. */
  StormModules(int count, Random random, Path root) {
    this.root = root;
    for (int number = 0; number < count; number++) {
      TreeSet<Integer> needs = new TreeSet<>();
      for (int i = random.nextInt(4); i > 0 && number > 0; i--) {
        needs.add(random.nextInt(number));
      }
      // One in eight takes its time, so that much happens while its init runs.
      int busy = random.nextInt(8) == 0 ? 1_000_000 : 0;
      Kind kind =
          new Kind(number, List.copyOf(needs), 1 + random.nextInt(4), 1 + random.nextInt(3), busy);
      kinds.add(kind);
      byName.put(kind.name(), kind);
    }
  }

  private static String name(int number) {
    return "storm_%02d".formatted(number);
  }

  /** Compiles all of them and makes the lists for modprobe. */
  void build() throws IOException {
    Path directory = Files.createDirectories(file(0).getParent());
    for (Kind kind : kinds) {
      ModuleSource.compile(kind.name(), code(kind), directory.resolve(kind.name() + ".ko"));
    }
    Tool.start(List.of(Tool.TOP.resolve("bin/depmod").toString(), "-b", root.toString(), RELEASE))
        .await();
  }

  /** Returns all, those without needs before those that need them. */
  List<Kind> kinds() {
    return kinds;
  }

  /** Returns the module of that name, which is one of these. */
  Kind kind(String name) {
    Kind kind = byName.get(name);
    if (kind == null) {
      throw new AssertionError("no module of this storm: " + name);
    }
    return kind;
  }

  /** Returns where the tree is. */
  Path root() {
    return root;
  }

  /** Returns the file of module {@code number}. */
  Path file(int number) {
    return root.resolve("lib/modules").resolve(RELEASE).resolve("kernel/" + name(number) + ".ko");
  }

  private static String code(Kind kind) {
    StringBuilder code = new StringBuilder("#include <linux/slab.h>\n#include <linux/printk.h>\n");
    String name = kind.name();
    code.append("static int fail;\nmodule_param(fail, int, 0);\n");
    code.append("static volatile int beat;\n");
    code.append("static int *memory[%d];\n".formatted(kind.objects()));
    for (int needed : kind.needs()) {
      code.append("extern int %s_0(void);\n".formatted(name(needed)));
    }
    for (String symbol : kind.symbols()) {
      code.append(
          "int %s(void) { return *memory[0]; }\nEXPORT_SYMBOL(%s);\n".formatted(symbol, symbol));
    }
    code.append("static int __init start(void)\n{\n\tint i;\n");
    code.append("\tif (fail) {\n\t\tprintk(\"storm: refuses %s\\n\");".formatted(name));
    code.append("\n\t\treturn -19;\n\t}\n");
    code.append("\tfor (i = 0; i < %d; i++)\n\t\tbeat++;\n".formatted(kind.busy()));
    code.append("\tfor (i = 0; i < %d; i++) {\n".formatted(kind.objects()));
    code.append("\t\tmemory[i] = kmalloc(%d, GFP_KERNEL);\n".formatted(OBJECT));
    code.append("\t\t*memory[i] = %d;\n\t}\n".formatted(kind.number()));
    code.append(checks(kind));
    code.append("\tprintk(\"storm: comes %s\\n\");\n\treturn 0;\n}\n".formatted(name));
    code.append("static void __exit stop(void)\n{\n\tint i;\n");
    code.append(checks(kind));
    code.append("\tfor (i = 0; i < %d; i++)\n\t\tkfree(memory[i]);\n".formatted(kind.objects()));
    code.append("\tprintk(\"storm: goes %s\\n\");\n}\n".formatted(name));
    return code.toString();
  }

  /** What is needed must be there, and its memory what it put there. */
  private static String checks(Kind kind) {
    StringBuilder code = new StringBuilder();
    for (int needed : kind.needs()) {
      code.append("\tif (%s_0() != %d)\n".formatted(name(needed), needed));
      code.append(
          "\t\tprintk(\"storm: broken %s by %s\\n\");\n".formatted(kind.name(), name(needed)));
    }
    return code.toString();
  }
}
