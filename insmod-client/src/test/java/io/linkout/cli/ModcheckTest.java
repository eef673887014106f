package io.linkout.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.link.TestModule;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** modcheck without a kernel: what is broken on purpose is found, all of it, by name. */
class ModcheckTest {
  @TempDir private Path directory;
  private Path headers;
  private Path tree;

  @BeforeEach
  void makeHeadersAndTree() throws IOException {
    headers = directory.resolve("headers");
    tree = directory.resolve("tree");
    Files.createDirectories(headers.resolve("include/generated"));
    Files.createDirectories(tree);
    Files.writeString(
        headers.resolve("include/generated/utsrelease.h"), "#define UTS_RELEASE \"6.1.0-test\"\n");
    Files.writeString(
        headers.resolve("include/generated/autoconf.h"),
        """
        #define CONFIG_SMP 1
        #define CONFIG_MODULE_UNLOAD 1
        #define CONFIG_MODVERSIONS 1
        """);
    symvers(
        """
        0x00000001\t_printk\tvmlinux\tEXPORT_SYMBOL\t
        0x00000002\tgpl_thing\tvmlinux\tEXPORT_SYMBOL_GPL\t
        0x00000003\tspaced\tvmlinux\tEXPORT_SYMBOL\tNS
        0x00000004\tlib_call\tkernel/lib/lib-mod\tEXPORT_SYMBOL\t
        """);
  }

  private void symvers(String rows) throws IOException {
    Files.writeString(headers.resolve("Module.symvers"), rows);
  }

  private static TestModule module() {
    return new TestModule().thisModule(0, 0);
  }

  /** Adds {@code __versions}: names and CRCs in turn. */
  private static TestModule versions(TestModule module, Object... pairs) {
    ByteBuffer entries = ByteBuffer.allocate(pairs.length * 32).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < pairs.length; i += 2) {
      entries.putLong(i * 32, ((Integer) pairs[i + 1]) & 0xffffffffL);
      entries.put(i * 32 + 8, pairs[i].toString().getBytes(StandardCharsets.ISO_8859_1));
    }
    module.elf().section("__versions", TestModule.A, 32, entries.array());
    return module;
  }

  private void put(String name, TestModule module) throws IOException {
    Files.write(tree.resolve(name), module.bytes());
  }

  private Ran check(Object... operands) {
    String[] words = new String[operands.length + 3];
    words[0] = "modcheck";
    words[1] = "--kernel-headers";
    words[2] = headers.toString();
    for (int i = 0; i < operands.length; i++) {
      words[i + 3] = operands[i].toString();
    }
    return Ran.in(Map.of(), words);
  }

  @Test
  void modulesThatExportToEachOtherPass() throws IOException {
    put("a-user.ko", versions(module().imports("made_here"), "made_here", 77));
    put("maker.ko", versions(module().exports("made_here", 77), "_printk", 1).imports("_printk"));
    assertThat(check(tree)).isEqualTo(new Ran(0, "ok a_user\nok maker\n2 passed, 0 failed\n", ""));
  }

  @Test
  void anExportOfAnotherVersionThanTheListsIsFoundWhereItIs() throws IOException {
    put("lib-mod.ko", module().exports("lib_call", 9));
    assertThat(check(tree).out())
        .isEqualTo(
            """
            FAIL lib_mod Module has wrong symbol version
              exports symbol lib_call with version 0x00000009, it has 0x00000004 in Module.symvers
            0 passed, 1 failed
            """);
  }

  @Test
  void allCausesAtOnce() throws IOException {
    TestModule bad =
        versions(module(), "_printk", 0x11111111, "spaced", 3, "gpl_thing", 2, "module_layout", 5)
            .info("license", "Proprietary")
            .info("vermagic", "5.10.0-9 SMP mod_unload ")
            .imports("_printk")
            .imports("spaced")
            .imports("gpl_thing")
            .imports("nobody_has_it");
    int wide = bad.elf().section(".narrow", TestModule.A, 8, new byte[8]);
    bad.elf().rela(wide, 2, 10, bad.elf().sectionSymbol(wide), 0);
    put("bad.ko", bad);
    Ran ran = check(tree);
    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out().lines())
        .hasSize(8)
        .startsWith(
            "FAIL bad Invalid module format",
            "  version magic '5.10.0-9 SMP mod_unload ' should be"
                + " '6.1.0-test SMP mod_unload modversions '",
            "  symbol _printk: version 0x11111111 in the module, 0x00000001 in the kernel",
            "  symbol spaced: in namespace NS, which the module does not import (import_ns=NS)",
            "  unknown symbol gpl_thing: exported by the kernel to GPL-compatible modules only, and"
                + " the licence is \"Proprietary\"",
            "  unknown symbol nobody_has_it")
        .endsWith("0 passed, 1 failed")
        .anySatisfy(line -> assertThat(line).contains(".narrow").contains("0x2"));
  }

  @Test
  void theModuleThatWouldExportAndIsNotInAWholeTreeIsNamed() throws IOException {
    put("user.ko", versions(module().imports("lib_call"), "lib_call", 4));
    assertThat(check(tree).status()).as("a part of a tree takes the list's word").isZero();
    Files.writeString(tree.resolve("modules.order"), "");
    assertThat(check(tree).out())
        .isEqualTo(
            """
            FAIL user Unknown symbol in module
              unknown symbol lib_call: module lib_mod would export it
            0 passed, 1 failed
            """);
    put("lib-mod.ko", module().exports("lib_call", 4));
    assertThat(check(tree).status()).isZero();
  }

  @Test
  void aVersionThatDiffersNamesTheModuleItComesFrom() throws IOException {
    put("user.ko", versions(module().imports("lib_call"), "lib_call", 5));
    assertThat(check(tree).out())
        .contains(
            "  symbol lib_call: version 0x00000005 in the module, 0x00000004 in module lib_mod\n");
  }

  @Test
  void oneNameExportedByTwo() throws IOException {
    put("first.ko", module().exports("twice", 1));
    put("second.ko", module().exports("twice", 1));
    put("third.ko", module().exports("_printk", 1));
    Path first = tree.resolve("first.ko");
    Path second = tree.resolve("second.ko");
    assertThat(check(tree).out())
        .isEqualTo(
            "FAIL first Invalid module format\n"
                + "  exports symbol twice, which module second exports too: "
                + second
                + "\nFAIL second Invalid module format\n"
                + "  exports symbol twice, which module first exports too: "
                + first
                + "\nFAIL third Invalid module format\n"
                + "  exports symbol _printk, which the kernel exports too\n"
                + "0 passed, 3 failed\n");
  }

  @Test
  void structModuleOfAnotherSizeThanTheOthers() throws IOException {
    put("a.ko", module());
    put("b.ko", module());
    TestModule odd = new TestModule();
    odd.elf().section(".gnu.linkonce.this_module", TestModule.WA, 64, new byte[1024]);
    put("c.ko", odd);
    assertThat(check(tree).out())
        .isEqualTo(
            """
            ok a
            ok b
            FAIL c Invalid module format
              section .gnu.linkonce.this_module: 1024 bytes, 896 bytes in 2 of 3 modules checked
            2 passed, 1 failed
            """);
    assertThat(check("--json", tree).out())
        .contains("\"bytes\": 896", "\"from\": \"2 of 3 modules checked\"");
  }

  @Test
  void anotherReleasesModuleIsNamedThoughItsVersionsLetItIn() throws IOException {
    put(
        "old.ko",
        versions(module(), "_printk", 1)
            .info("vermagic", "6.1.0-older SMP mod_unload modversions ")
            .imports("_printk"));
    assertThat(check(tree))
        .isEqualTo(
            new Ran(
                0,
                """
                ok old (built for 6.1.0-older, let in by its symbol versions)
                1 passed, 0 failed
                """,
                ""));
    put("old.ko", module().info("vermagic", "6.1.0-older SMP mod_unload modversions "));
    assertThat(check(tree).out())
        .as("without versions the release counts")
        .contains("version magic '6.1.0-older SMP mod_unload modversions ' should be");
  }

  @Test
  void whatIsNoModuleFailsAndTheRestIsChecked() throws IOException {
    Files.writeString(tree.resolve("a.ko"), "no module");
    Files.write(tree.resolve("b.ko"), new byte[0]);
    put("c.ko", module());
    assertThat(check(tree, tree.resolve("none.ko")).out().lines())
        .containsSubsequence(
            "FAIL a Invalid module format",
            "FAIL b Invalid module format",
            "ok c",
            "FAIL none No such file or directory",
            "1 passed, 3 failed");
  }

  @Test
  void manyModulesComeOutInOrder() throws IOException {
    StringBuilder expected = new StringBuilder();
    for (int i = 100; i < 300; i++) {
      put("m" + i + ".ko", i % 7 == 0 ? module().imports("nowhere") : module());
      expected.append(i % 7 == 0 ? "FAIL m" : "ok m").append(i);
      expected.append(
          i % 7 == 0
              ? """
               Invalid module format
                no symbol versions in the module, but the kernel's symbols have them
                unknown symbol nowhere
              """
              : "\n");
    }
    assertThat(check(tree).out()).isEqualTo(expected + "172 passed, 28 failed\n");
  }

  @Test
  void json() throws IOException {
    put("user.ko", module().imports("nowhere"));
    assertThat(check("--json", tree).out())
        .isEqualTo(
            """
            {
              "modules": [
                {
                  "module": "user",
                  "file": "%s",
                  "ok": false,
                  "reason": "Invalid module format",
                  "causes": ["no symbol versions in the module", "unknown symbol nowhere"],
                  "note": null
                }
              ],
              "struct_module": {
                "bytes": 896,
                "from": "1 of 1 modules checked"
              },
              "passed": 0,
              "failed": 1
            }
            """
                .formatted(tree.resolve("user.ko"))
                .replace("in the module\"", "in the module, but the kernel's symbols have them\""));
  }

  @Test
  void usage() {
    assertThat(Ran.in(Map.of(), "modcheck").err())
        .isEqualTo("modcheck: ERROR: missing file or directory\n");
    assertThat(Ran.in(Map.of(), "modcheck", "--kernel-headers", "/nowhere", "x.ko").err())
        .isEqualTo(
            "modcheck: ERROR: no kernel headers in /nowhere:"
                + " /nowhere/include/generated/utsrelease.h: No such file or directory\n");
    assertThat(Ran.in(Map.of("LINKOUT_SOCKET", "/nowhere/k"), "modcheck", "x.ko").err())
        .isEqualTo("modcheck: ERROR: no kernel at /nowhere/k: is kernel-sim running?\n");
  }
}
