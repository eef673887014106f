package io.linkout.link.x86_64;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.linkout.elf.Elf;
import io.linkout.link.FakeKernel;
import io.linkout.link.LinkException;
import io.linkout.link.LinkOptions;
import io.linkout.link.LinkedModule;
import io.linkout.link.ModuleFile;
import io.linkout.link.TestModule;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each relocation type: its formula, and both sides of its bounds. */
final class RelocationTest {
  private static final long TEXT = FakeKernel.MODULES;

  /** A module whose .text is relocated at offset 8 with {@code type} against "target". */
  private static TestModule module(int type, long addend) {
    TestModule module = new TestModule();
    int text = module.elf().section(".text", TestModule.AX, 16, new byte[32]);
    module.elf().rela(text, 8, type, module.elf().undefined("target"), addend);
    return module.thisModule(0, 0);
  }

  private static long linked(int type, long target, long addend, int width) {
    FakeKernel kernel = new FakeKernel().export("target", target);
    try (ModuleFile file = module(type, addend).open();
        LinkedModule linked = TestModule.linker(kernel).prepare(file, LinkOptions.DEFAULT)) {
      ByteBuffer text =
          ByteBuffer.wrap(kernel.memory(linked.allocation()).getFirst())
              .order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < 32; i++) {
        if (i < 8 || i >= 8 + width) {
          assertThat(text.get(i)).as("byte %s is not the place's", i).isZero();
        }
      }
      return width == 8 ? text.getLong(8) : text.getInt(8);
    }
  }

  private static String refused(TestModule module, long target) {
    FakeKernel kernel = new FakeKernel().export("target", target);
    try (ModuleFile file = module.open()) {
      LinkException e =
          catchThrowableOfType(
              LinkException.class,
              () -> TestModule.linker(kernel).prepare(file, LinkOptions.DEFAULT));
      assertThat(e).as("the relocation must be refused").isNotNull();
      assertThat(e.causes()).hasSize(1);
      return e.causes().getFirst();
    }
  }

  @Test
  void none() {
    assertThat(linked(0, 0x1234, 5, 0)).isZero();
  }

  @Test
  void absolute64() {
    assertThat(linked(1, 0x8123456789abcdefL, 0x10, 8)).isEqualTo(0x8123456789abcdffL);
  }

  @ParameterizedTest
  @CsvSource({"2", "4"})
  void relative32(int type) {
    assertThat(linked(type, TEXT + 0x1000, -4, 4)).isEqualTo(0x1000 - 4 - 8);
    assertThat(linked(type, TEXT + 8 + Integer.MAX_VALUE, 0, 4)).isEqualTo(Integer.MAX_VALUE);
    assertThat(linked(type, TEXT + 8 + Integer.MIN_VALUE, 0, 4)).isEqualTo(Integer.MIN_VALUE);
  }

  @ParameterizedTest
  @CsvSource({"2,R_X86_64_PC32", "4,R_X86_64_PLT32"})
  void relative32Overflows(int type, String name) {
    assertThat(refused(module(type, 1), TEXT + 8 + Integer.MAX_VALUE))
        .isEqualTo(
            name
                + " against target in section .text offset 0x8: overflow, 0x80000000 does not fit"
                + " (S + A - P as i32)");
    assertThat(refused(module(type, -1), TEXT + 8 + Integer.MIN_VALUE)).contains("overflow");
  }

  @Test
  void absolute32() {
    assertThat(linked(10, 0xfffffff0L, 0xf, 4)).isEqualTo(-1);
    assertThat(refused(module(10, 1), 0xffffffffL))
        .isEqualTo(
            "R_X86_64_32 against target in section .text offset 0x8: overflow, 0x100000000 does not"
                + " fit (S + A as u32)");
    assertThat(refused(module(10, 0), -1)).contains("R_X86_64_32 against target");
  }

  @Test
  void signed32() {
    assertThat(linked(11, 0xffffffff81000000L, 0, 4)).isEqualTo(0x81000000);
    assertThat(linked(11, 0x7fffffffL, 0, 4)).isEqualTo(Integer.MAX_VALUE);
    assertThat(refused(module(11, 0), 0x80000000L)).contains("R_X86_64_32S against target");
    assertThat(refused(module(11, -1), 0xffffffff80000000L)).contains("overflow");
  }

  @Test
  void relative64() {
    assertThat(linked(24, 0x10, 0, 8)).isEqualTo(0x10 - (TEXT + 8));
  }

  @Test
  void unknownType() {
    assertThat(refused(module(42, 0), 0x1000))
        .isEqualTo(
            "relocation type 42 against target in section .text offset 0x8: not supported on x86-64");
  }

  @ParameterizedTest
  @CsvSource({
    "1,25",
    "1,-1",
    "2,29",
    "2,-1",
    "4,32",
    "10,29",
    "11,100",
    "24,25",
    "24,9223372036854775807",
    "2,-9223372036854775808"
  })
  void placeOutsideItsSection(int type, long offset) {
    TestModule module = new TestModule();
    int text = module.elf().section(".text", TestModule.AX, 16, new byte[32]);
    module.elf().section(".text.more", TestModule.AX, 16, new byte[32]);
    module.elf().rela(text, offset, type, module.elf().undefined("target"), 0);
    assertThat(refused(module.thisModule(0, 0), TEXT))
        .contains("against target in section .text")
        .endsWith("lies outside the section of 32 bytes");
  }

  @Test
  void lastPlaceOfASection() {
    TestModule module = new TestModule();
    int text = module.elf().section(".text", TestModule.AX, 16, new byte[32]);
    int target = module.elf().undefined("target");
    module.elf().rela(text, 28, 2, target, 0).rela(text, 16, 1, target, 0);
    FakeKernel kernel = new FakeKernel().export("target", TEXT);
    try (ModuleFile file = module.thisModule(0, 0).open();
        LinkedModule linked = TestModule.linker(kernel).prepare(file, LinkOptions.DEFAULT)) {
      assertThat(linked.image().getInt(TEXT + 28)).isEqualTo(-28);
    }
  }

  @Test
  void placeThatIsNotZero() {
    TestModule module = new TestModule();
    byte[] code = new byte[32];
    code[11] = 1;
    int text = module.elf().section(".text", TestModule.AX, 16, code);
    module.elf().rela(text, 8, 2, module.elf().undefined("target"), 0);
    assertThat(refused(module.thisModule(0, 0), TEXT)).contains("the place is not zero");
  }

  @Test
  void symbolIndexOutOfRange() {
    TestModule module = new TestModule();
    int text = module.elf().section(".text", TestModule.AX, 16, new byte[32]);
    module.elf().undefined("target");
    module.elf().rela(text, 8, 2, 5000, 0);
    assertThat(refused(module.thisModule(0, 0), TEXT)).contains("symbol index 5000 out of range");
  }

  @Test
  void symbolInASectionThatIsNotLoaded() {
    TestModule module = new TestModule();
    int text = module.elf().section(".text", TestModule.AX, 16, new byte[32]);
    int comment = module.elf().section(".comment", 0, 1, new byte[4]);
    module.elf().undefined("target");
    module.elf().rela(text, 8, 1, module.elf().global("lost", comment, 0), 0);
    assertThat(refused(module.thisModule(0, 0), TEXT))
        .isEqualTo(
            "R_X86_64_64 against lost in section .text offset 0x8: the symbol is in section"
                + " .comment, which is not loaded");
  }

  @Test
  void manyFaultsAreCounted() {
    TestModule module = new TestModule();
    int text = module.elf().section(".text", TestModule.AX, 16, new byte[32]);
    int target = module.elf().undefined("target");
    for (int i = 0; i < 100; i++) {
      module.elf().rela(text, 8, 77, target, 0);
    }
    FakeKernel kernel = new FakeKernel().export("target", TEXT);
    try (ModuleFile file = module.thisModule(0, 0).open()) {
      LinkException e =
          catchThrowableOfType(
              LinkException.class,
              () -> TestModule.linker(kernel).prepare(file, LinkOptions.DEFAULT));
      assertThat(e.causes()).hasSize(21).last().isEqualTo("and 80 more like these");
    }
  }

  @Test
  void symbolsOfTheModulesOwn() {
    TestModule module = new TestModule();
    int text = module.elf().section(".text", TestModule.AX, 16, new byte[32]);
    int data = module.elf().section(".data", TestModule.WA, 8, new byte[64]);
    int absolute = module.elf().global("absolute", Elf.SHN_ABS, 0x77);
    int common = module.elf().symbol("common", Elf.SHN_COMMON, 32, 40, Elf.STB_GLOBAL, 1);
    module.elf().rela(data, 0, 1, module.elf().sectionSymbol(text), 4);
    module.elf().rela(data, 8, 1, absolute, 0);
    module.elf().rela(data, 16, 1, common, 0);
    FakeKernel kernel = new FakeKernel();
    try (ModuleFile file = module.thisModule(0, 0).open();
        LinkedModule linked = TestModule.linker(kernel).prepare(file, LinkOptions.DEFAULT)) {
      long base = linked.plan().sectionAddress(data);
      assertThat(linked.image().getLong(base)).isEqualTo(TEXT + 4);
      assertThat(linked.image().getLong(base + 8)).isEqualTo(0x77);
      long address = linked.image().getLong(base + 16);
      assertThat(address % 32).isZero();
      assertThat(linked.image().find(address, 40)).isEqualTo(linked.image().find(base, 1));
      assertThat(address).isGreaterThanOrEqualTo(base + 64 + TestModule.THIS_MODULE_SIZE);
    }
  }
}
