package io.linkout.link.x86_64;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.linkout.elf.Elf;
import io.linkout.elf.ElfBuilder;
import io.linkout.link.FakeKernel;
import io.linkout.link.FixupRow;
import io.linkout.link.LinkException;
import io.linkout.link.LinkOptions;
import io.linkout.link.LinkedModule;
import io.linkout.link.ModuleFile;
import io.linkout.link.TestModule;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Code and tables after relocation are what the kernel's own loader would have made of them. */
final class FixupTest {
  private static final long TEXT = FakeKernel.MODULES;
  private static final int ABS64 = 1;
  private static final int PC32 = 2;

  private final TestModule module = new TestModule();
  private final ElfBuilder elf = module.elf();
  private final FakeKernel kernel =
      new FakeKernel()
          .export("__x86_return_thunk", 0xffffffff81001000L)
          .export("__fentry__", 0xffffffff81002000L)
          .export("other", 0xffffffff81003000L);

  private int text(String hex) {
    return elf.section(".text", TestModule.AX, 16, HexFormat.ofDelimiter(" ").parseHex(hex));
  }

  private String code(int section, LinkOptions options) {
    try (ModuleFile file = module.thisModule(0, 0).open();
        LinkedModule linked = TestModule.linker(kernel).prepare(file, options)) {
      return hex(linked, section);
    }
  }

  private static String hex(LinkedModule linked, int section) {
    int segment = linked.plan().layout().segmentOf(section);
    byte[] bytes = new byte[(int) linked.plan().elf().sections().size(section)];
    linked.image().bytes(segment).get((int) linked.plan().layout().offsetOf(section), bytes);
    return HexFormat.ofDelimiter(" ").formatHex(bytes);
  }

  private String code(int section) {
    return code(section, LinkOptions.DEFAULT);
  }

  private int table(String name, long flags, int size) {
    return elf.section(name, flags, 8, new byte[size]);
  }

  private String refused() {
    try (ModuleFile file = module.thisModule(0, 0).open()) {
      LinkException e =
          catchThrowableOfType(
              LinkException.class,
              () -> TestModule.linker(kernel).prepare(file, LinkOptions.DEFAULT));
      assertThat(e).as("must be refused").isNotNull();
      return e.causes().getFirst();
    }
  }

  @Test
  void returnSitesBecomeRet() {
    int text = text("90 e9 00 00 00 00 e9 00 00 00 00 90");
    int thunk = elf.undefined("__x86_return_thunk");
    elf.rela(text, 2, PC32, thunk, -4).rela(text, 7, PC32, elf.undefined("other"), -4);
    int sites = table(".return_sites", TestModule.A, 8);
    int own = elf.sectionSymbol(text);
    elf.rela(sites, 0, PC32, own, 1).rela(sites, 4, PC32, own, 6);
    assertThat(code(text)).startsWith("90 c3 cc cc cc cc e9").endsWith("90");
  }

  @Test
  void withoutFixupsNothingIsPatched() {
    int text = text("90 e9 00 00 00 00 90");
    elf.rela(text, 2, PC32, elf.undefined("__x86_return_thunk"), -4);
    int sites = table(".return_sites", TestModule.A, 4);
    elf.rela(sites, 0, PC32, elf.sectionSymbol(text), 1);
    assertThat(code(text, new LinkOptions(false, false, false, List.of()))).startsWith("90 e9");
  }

  @Test
  void aReturnSiteOutsideTheModuleIsRefused() {
    int text = text("90 e9 00 00 00 00 90");
    elf.rela(text, 2, PC32, elf.undefined("__x86_return_thunk"), -4);
    int sites = table(".return_sites", TestModule.A, 4);
    elf.rela(sites, 0, PC32, elf.sectionSymbol(text), 0x100000);
    assertThat(refused()).isEqualTo("section .return_sites offset 0x0: leads outside the module");
  }

  @Test
  void callsOfFentryBecomeNops() {
    int text = text("e8 00 00 00 00 90 e8 00 00 00 00");
    elf.rela(text, 1, PC32, elf.undefined("__fentry__"), -4);
    elf.rela(text, 7, PC32, elf.undefined("other"), -4);
    int sites = table("__mcount_loc", TestModule.A, 16);
    int own = elf.sectionSymbol(text);
    elf.rela(sites, 0, ABS64, own, 0).rela(sites, 8, ABS64, own, 6);
    assertThat(code(text)).startsWith("0f 1f 44 00 00 90 e8");
  }

  /** One entry of 12 bytes; the replacement is in a section of its own. */
  private int alternative(
      int text, int site, int length, int feature, String replacement, boolean longEntry) {
    byte[] code =
        replacement.isEmpty() ? new byte[0] : HexFormat.ofDelimiter(" ").parseHex(replacement);
    int other = elf.section(".altinstr_replacement", TestModule.AX, 1, code);
    ByteBuffer entry = ElfBuilder.little(longEntry ? 14 : 12);
    entry.putShort(8, (short) feature);
    entry.put(entry.capacity() - 2, (byte) length);
    entry.put(entry.capacity() - 1, (byte) code.length);
    byte[] bytes = new byte[entry.capacity()];
    entry.get(0, bytes);
    int table = elf.section(".altinstructions", TestModule.A, 1, bytes);
    elf.rela(table, 0, PC32, elf.sectionSymbol(text), site);
    elf.rela(table, 4, PC32, elf.sectionSymbol(other), 0);
    return other;
  }

  @Test
  void anAlternativeIsUsedIfTheCpuHasTheFeature() {
    int text = text("90 11 22 33 44 90");
    alternative(text, 1, 4, 5, "aa bb", false);
    kernel.features(1 << 5);
    assertThat(code(text)).isEqualTo("90 aa bb 66 90 90");
  }

  @Test
  void anAlternativeIsNotUsedWithoutTheFeature() {
    int text = text("90 11 22 33 44 90");
    alternative(text, 1, 4, 5, "aa bb", false);
    kernel.features(1 << 6);
    assertThat(code(text)).isEqualTo("90 11 22 33 44 90");
  }

  @Test
  void anInvertedAlternativeIsUsedWithoutTheFeature() {
    int text = text("90 11 22 33 44 90");
    alternative(text, 1, 4, 5 | 0x8000, "", false);
    assertThat(code(text)).isEqualTo("90 0f 1f 40 00 90");
  }

  @Test
  void aFeatureInAWordThatIsNotThereIsAbsent() {
    int text = text("90 11 22 33 44 90");
    alternative(text, 1, 4, 700, "aa", false);
    kernel.features(-1);
    assertThat(code(text)).isEqualTo("90 11 22 33 44 90");
  }

  @Test
  void alwaysIsOnEveryCpu() {
    int text = text("90 11 22 90");
    alternative(text, 1, 2, Alternatives.FEATURE_ALWAYS, "aa bb", false);
    assertThat(code(text)).isEqualTo("90 aa bb 90");
  }

  @Test
  void aCallThatMovesStillLeadsToItsFunction() {
    int text = text("90 90 90 90 90 90 90 90");
    int other = alternative(text, 2, 5, 5, "e8 00 00 00 00", false);
    elf.rela(other, 1, PC32, elf.undefined("other"), -4);
    kernel.features(1 << 5);
    try (ModuleFile file = module.thisModule(0, 0).open();
        LinkedModule linked = TestModule.linker(kernel).prepare(file, LinkOptions.DEFAULT)) {
      assertThat(TEXT + 2 + 5 + linked.image().getInt(TEXT + 3)).isEqualTo(0xffffffff81003000L);
    }
  }

  @Test
  void entriesOfLaterKernelsAreLonger() {
    int text = text("90 11 22 33 44 90");
    alternative(text, 1, 4, 5, "aa bb", true);
    kernel.features(1 << 5);
    assertThat(code(text)).isEqualTo("90 aa bb 66 90 90");
  }

  @Test
  void anAlternativeLongerThanItsSiteIsRefused() {
    int text = text("90 11 90");
    alternative(text, 1, 1, 5 | 0x8000, "aa bb", false);
    assertThat(refused()).startsWith("section .altinstructions offset 0x0: replacement of 2 bytes");
  }

  @Test
  void aTornAlternativeTableIsRefused() {
    elf.section(".altinstructions", TestModule.A, 1, new byte[13]);
    assertThat(refused()).contains("entries of neither 12 nor 14 bytes");
  }

  @Test
  void jumpLabelsOfTheModulesOwnFollowTheirKeysInAnImage() {
    int text = text("90 0f 1f 44 00 00 90 eb 07 90 90 90 90 90 90 90 90 90");
    byte[] keys = new byte[32];
    keys[0] = 1;
    int data = elf.section(".data", TestModule.WA, 8, keys);
    int table = table("__jump_table", TestModule.WA, 32);
    int code = elf.sectionSymbol(text);
    int key = elf.sectionSymbol(data);
    elf.rela(table, 0, PC32, code, 1).rela(table, 4, PC32, code, 16);
    elf.rela(table, 8, 24, key, 0);
    elf.rela(table, 16, PC32, code, 7).rela(table, 20, PC32, code, 16);
    elf.rela(table, 24, 24, key, 16);
    try (ModuleFile file = module.thisModule(0, 0).open();
        LinkedModule linked = TestModule.linker(kernel).prepare(file, LinkOptions.DEFAULT)) {
      assertThat(hex(linked, text)).startsWith("90 0f 1f 44 00 00 90 eb 07");
      X86_64.ARCHITECTURE.patchSites(linked);
      // The first key is enabled: a jump from 1 to 16. The second is not: a NOP of two bytes.
      assertThat(hex(linked, text)).startsWith("90 e9 0a 00 00 00 90 66 90");
    }
  }

  @Test
  void staticCallsOfTheModulesOwnFollowTheirKeysInAnImage() {
    int text = text("e8 00 00 00 00 e9 00 00 00 00 90");
    elf.rela(text, 1, PC32, elf.undefined("other"), -4);
    elf.rela(text, 6, PC32, elf.undefined("other"), -4);
    int data = elf.section(".data", TestModule.WA, 8, new byte[32]);
    elf.rela(data, 0, ABS64, elf.sectionSymbol(text), 10);
    int table = table(".static_call_sites", TestModule.WA, 16);
    int code = elf.sectionSymbol(text);
    int key = elf.sectionSymbol(data);
    elf.rela(table, 0, PC32, code, 0).rela(table, 4, PC32, key, 0);
    elf.rela(table, 8, PC32, code, 5).rela(table, 12, PC32, key, 16 + 1);
    try (ModuleFile file = module.thisModule(0, 0).open();
        LinkedModule linked = TestModule.linker(kernel).prepare(file, LinkOptions.DEFAULT)) {
      X86_64.ARCHITECTURE.patchSites(linked);
      // The first calls the function at 10; the second, a tail call of nothing, returns.
      assertThat(hex(linked, text)).isEqualTo("e8 05 00 00 00 c3 cc cc cc cc 90");
    }
  }

  @Test
  void everySectionOfTheTableIsTreatedOnce() {
    assertThat(X86_64.ARCHITECTURE.fixups())
        .extracting(FixupRow::section)
        .doesNotHaveDuplicates()
        .contains(
            "__ex_table",
            "__jump_table",
            ".static_call_sites",
            ".altinstructions",
            ".parainstructions",
            ".retpoline_sites",
            ".return_sites",
            ".smp_locks",
            "__mcount_loc",
            ".orc_unwind",
            ".call_sites",
            ".cfi_sites",
            ".ibt_endbr_seal",
            "__bug_table");
    assertThat(X86_64.ARCHITECTURE.fixups()).allSatisfy(r -> assertThat(r.reason()).isNotBlank());
    assertThat(Elf.EM_X86_64).isEqualTo(X86_64.ARCHITECTURE.machine());
  }
}
