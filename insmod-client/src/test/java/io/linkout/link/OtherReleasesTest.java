package io.linkout.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkout.elf.ElfBuilder;
import io.linkout.elf.MalformedElfException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Modules of other releases than 6.1: nothing of their layout is assumed. */
class OtherReleasesTest {
  private static Activation load(FakeKernel kernel, TestModule module) {
    try (ModuleFile file = module.open()) {
      TestModule.linker(kernel).load(file, LinkOptions.DEFAULT);
    }
    return kernel.activated().getFirst();
  }

  /** Sizes and offsets of init and exit as Debian's configurations have them, and made-up ones. */
  @ParameterizedTest
  @CsvSource({
    "896, 0x138, 0x350", // 6.1
    "1280, 0x138, 0x4a0", // 6.4: struct module_memory mem[]
    "1344, 0x138, 0x4f8", // 6.12
    "4096, 0xff8, 0x0"
  })
  void structModuleOfAnySizeWithInitAndExitAnywhere(int size, String initSlot, String exitSlot) {
    TestModule module = new TestModule();
    ElfBuilder elf = module.elf();
    int text = elf.section(".text", TestModule.AX, 16, new byte[64]);
    int self = elf.section(ModuleFile.THIS_MODULE, TestModule.WA, 64, new byte[size]);
    elf.rela(self, Integer.decode(initSlot), 1, elf.global("init_module", text, 16), 0);
    elf.rela(self, Integer.decode(exitSlot), 1, elf.global("cleanup_module", text, 48), 0);
    Activation told = load(new FakeKernel().thisModuleSize(size), module);
    assertThat(told.thisModuleSize()).isEqualTo(size);
    assertThat(told.init()).isNotZero();
    assertThat(told.exit() - told.init()).isEqualTo(32);
  }

  @Test
  void extendedVersionsWinAndMayHaveLongNames() {
    String longName = "a_symbol_of_a_rust_module_".repeat(5);
    TestModule module = new TestModule().thisModule(0, 0).imports(longName).imports("thing");
    byte[] names = (longName + "\0thing\0").getBytes(StandardCharsets.ISO_8859_1);
    module.elf().section("__version_ext_names", TestModule.A, 1, names);
    module
        .elf()
        .section("__version_ext_crcs", TestModule.A, 4, new byte[] {5, 0, 0, 0, 6, 0, 0, 0});
    byte[] plain = new byte[64];
    plain[0] = 99;
    System.arraycopy("thing".getBytes(StandardCharsets.ISO_8859_1), 0, plain, 8, 5);
    module.elf().section("__versions", TestModule.A, 32, plain);
    FakeKernel kernel =
        new FakeKernel()
            .modversions()
            .export(new KernelSymbol(longName, FakeKernel.MODULES - 16, 5, false, "", "", 0))
            .export(new KernelSymbol("thing", FakeKernel.MODULES - 32, 6, false, "", "", 0));
    assertThat(load(kernel, module).name()).isEqualTo("test_module");
  }

  /** struct bug_entry without CONFIG_DEBUG_BUGVERBOSE, with it, and with a format (6.19). */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void bugEntriesWithAnyNumberOfPointers(int pointers) {
    Activation told = load(new FakeKernel(), bugs(pointers, 4 + 4 * pointers));
    assertThat(told.tables())
        .anySatisfy(
            table -> {
              assertThat(table.kind()).isEqualTo(TableKind.BUG_TABLE);
              assertThat(table.length()).isEqualTo(3 * (4 + 4L * pointers));
            });
  }

  @Test
  void bugEntriesOfNoKnownReleaseAreRefusedByName() {
    assertThatThrownBy(() -> load(new FakeKernel(), bugs(2, 20)))
        .isInstanceOf(MalformedElfException.class)
        .hasMessageContaining(
            "section __bug_table: 60 bytes with 6 relocations are entries of no known release");
  }

  private static TestModule bugs(int pointers, int size) {
    TestModule module = new TestModule().thisModule(0, 0);
    ElfBuilder elf = module.elf();
    int text = elf.section(".text", TestModule.AX, 16, new byte[64]);
    int table = elf.section("__bug_table", TestModule.WA, 8, new byte[3 * size]);
    int code = elf.sectionSymbol(text);
    for (int entry = 0; entry < 3; entry++) {
      for (int pointer = 0; pointer < pointers; pointer++) {
        elf.rela(table, (long) entry * size + 4L * pointer, 2, code, 2L * entry);
      }
    }
    return module;
  }

  /** EXPORT_SYMBOL_FOR_MODULES, 6.16. */
  @ParameterizedTest
  @CsvSource({
    "module:test-module, true",
    "'module:other,test_mod*', true",
    "module:test_mod, false",
    "module:other*, false",
    "MODULE, false"
  })
  void exportsForNamedModules(String namespace, boolean usable) {
    FakeKernel kernel =
        new FakeKernel()
            .export(
                new KernelSymbol("thing", FakeKernel.MODULES - 16, null, false, namespace, "", 0));
    TestModule module =
        new TestModule().thisModule(0, 0).info("name", "test_module").imports("thing");
    if (usable) {
      load(kernel, module);
    } else {
      assertThatThrownBy(() -> load(kernel, module))
          .isInstanceOfSatisfying(
              LinkException.class,
              e -> assertThat(e.causes().getFirst()).contains("namespace " + namespace));
    }
  }
}
