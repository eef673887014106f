package io.linkout.depmod;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A root directory with a small module tree, compiled by gcc from C that is written here, as kmod's
 * test suite has one: a diamond, a chain, aliases with wildcards and brackets, soft and weak
 * dependencies, device nodes, names with dashes, a list of what is built in, a duplicate in {@code
 * updates}, and, if asked for, modules that need each other in a circle. The modules are made with
 * the headers of {@code examples/include}, so that they can be loaded too.
 *
 * <pre>
 * top -> left, right;  left -> base;  right -> base          (kernel/lib)
 * chain-c -> chain-b -> chain-a                              (kernel/drivers/chain)
 * wild: aliases, devname, softdep pre base post chain-a      (kernel/drivers, updates)
 * weak: a weak reference to base's function, weakdep left    (kernel/lib)
 * </pre>
 */
public final class FakeTree {
  /** Release of the kernel that the tree is for. */
  public static final String RELEASE = "6.1.0-linkout";

  private static final Path TOP =
      Path.of(System.getProperty("linkout.top", "..")).toAbsolutePath().normalize();

  private final Path root;
  private final List<String> order = new ArrayList<>();
  private final Path work;

  private FakeTree(Path root) throws IOException {
    this.root = root;
    this.work = Files.createDirectories(root.resolve("source"));
    Files.createDirectories(directory());
  }

  /** Makes the tree below {@code root}, without circles; depmod has not run. */
  public static FakeTree in(Path root) {
    try {
      FakeTree tree = new FakeTree(root);
      tree.fill();
      return tree;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the root, for {@code -b} and {@code -d}. */
  public Path root() {
    return root;
  }

  /** Returns {@code ROOT/lib/modules/RELEASE}. */
  public Path directory() {
    return root.resolve("lib/modules").resolve(RELEASE);
  }

  private void fill() throws IOException {
    module("kernel/lib/base", exporting("base"));
    module("kernel/lib/left", needing("left", "base"));
    module("kernel/lib/right", needing("right", "base"));
    module("kernel/lib/top", needing("top", "left", "right"));
    module("kernel/drivers/chain/chain-a", exporting("chain_a"));
    module("kernel/drivers/chain/chain-b", needing("chain_b", "chain_a"));
    module("kernel/drivers/chain/chain-c", needing("chain_c", "chain_b"));
    module("kernel/drivers/wild", wild("of the kernel"));
    module("kernel/lib/weak", weak());
    writeOrder();
    Files.writeString(
        directory().resolve("modules.builtin"),
        "kernel/lib/built-in-one.ko\nkernel/drivers/builtin_two.ko\n");
    Files.writeString(
        directory().resolve("modules.builtin.modinfo"),
        "built_in_one.license=GPL\0built_in_one.alias=one-*\0builtin_two.file=drivers/two\0",
        StandardCharsets.ISO_8859_1);
    // not in modules.order, as what an administrator adds
    compile("updates/wild", wild("of the administrator"));
  }

  /**
   * Adds modules that need each other: {@code loop-a}, {@code -b}, {@code -c}, and one that needs
   * them.
   */
  public FakeTree withLoop() {
    try {
      module("kernel/loop/loop-a", needing("loop_a", "loop_b"));
      module("kernel/loop/loop-b", needing("loop_b", "loop_c"));
      module("kernel/loop/loop-c", needing("loop_c", "loop_a", "base"));
      module("kernel/loop/loop-user", needing("loop_user", "loop_a"));
      writeOrder();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Compiles {@code code} as the module at {@code path}, without suffix, and lists it in order. */
  public Path module(String path, String code) throws IOException {
    order.add(path + ".ko");
    return compile(path, code);
  }

  /** Writes {@code modules.order} anew. */
  public void writeOrder() throws IOException {
    Files.writeString(directory().resolve("modules.order"), String.join("\n", order) + "\n");
  }

  /** Compiles {@code code} as the module at {@code path}, without suffix; returns its file. */
  public Path compile(String path, String code) throws IOException {
    String name = path.substring(path.lastIndexOf('/') + 1).replace('-', '_');
    Path source =
        Files.writeString(
            work.resolve(path.replace('/', '.') + ".c"), "#include <linux/module.h>\n" + code);
    Path file = directory().resolve(path + ".ko");
    Files.createDirectories(file.getParent());
    run(
        List.of(
            "gcc",
            "-ffreestanding",
            "-O2",
            "-mcmodel=kernel",
            "-fno-pic",
            "-fno-pie",
            "-mno-red-zone",
            "-fno-asynchronous-unwind-tables",
            "-fcf-protection=none",
            "-I" + TOP.resolve("examples/include"),
            "-DMODULE",
            "-DKBUILD_MODNAME=\"" + name + "\"",
            "-c",
            source.toString(),
            "-o",
            file.toString()));
    return file;
  }

  private static void run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(String.join(" ", command) + ":\n" + output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** Returns code that exports a function {@code NAME_value}. */
  public static String exporting(String name) {
    return "int "
        + name
        + "_value(void) { return 1; }\n"
        + "EXPORT_SYMBOL("
        + name
        + "_value);\n"
        + plain();
  }

  /**
   * Returns code that exports a function {@code NAME_value}, which calls those of {@code others}.
   */
  public static String needing(String name, String... others) {
    StringBuilder code = new StringBuilder();
    StringBuilder sum = new StringBuilder("1");
    for (String other : others) {
      code.append("extern int ").append(other).append("_value(void);\n");
      sum.append(" + ").append(other).append("_value()");
    }
    return code
        + "int "
        + name
        + "_value(void) { return "
        + sum
        + "; }\n"
        + "EXPORT_SYMBOL("
        + name
        + "_value);\n"
        + plain();
  }

  private static String wild(String description) {
    return "MODULE_DESCRIPTION(\"" + description + "\");\n" + WILD + plain();
  }

  private static final String WILD =
      """
      MODULE_ALIAS("pci:v00001AF4d*sv*sd*bc*sc*i*");
      MODULE_ALIAS("usb:v1D6Bp000[1-3]d*dc*dsc*dp*ic*isc*ip*in*");
      MODULE_ALIAS("wild-dashed-name");
      MODULE_ALIAS("char-major-10-042");
      MODULE_ALIAS("devname:wild/node");
      MODULE_SOFTDEP("pre: base post: chain-a");
      """;

  private static String weak() {
    return WEAK + plain();
  }

  private static final String WEAK =
      """
      extern int base_value(void) __attribute__((weak));
      extern int nobody_has_this(void) __attribute__((weak));
      int weak_value(void) { return base_value && nobody_has_this ? base_value() : 0; }
      MODULE_INFO(weakdep, "left");
      MODULE_ALIAS("block-major-7-*");
      """;

  private static String plain() {
    return """
        static int __init it_init(void) { return 0; }
        static void __exit it_exit(void) { }
        module_init(it_init);
        module_exit(it_exit);
        MODULE_LICENSE("GPL");
        """;
  }
}
