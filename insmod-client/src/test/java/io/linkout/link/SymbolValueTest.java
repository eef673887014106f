package io.linkout.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkout.elf.ElfBuilder;
import io.linkout.link.x86_64.X86_64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What symbols of each kind are worth, and what the kernel is told besides. */
final class SymbolValueTest {
  private static final int LOCAL_OBJECT = 1;

  private final TestModule module = new TestModule();
  private final ElfBuilder elf = module.elf();
  private final FakeKernel kernel = new FakeKernel();

  private long value(int symbol) {
    try (ModuleFile file = module.thisModule(0, 0).open();
        LinkedModule linked = TestModule.linker(kernel).prepare(file, LinkOptions.DEFAULT)) {
      return linked.symbolValue(symbol);
    }
  }

  @Test
  void absoluteValuesStay() {
    assertThat(value(elf.symbol("constant", 0xfff1, 0x1234, 0, 1, LOCAL_OBJECT))).isEqualTo(0x1234);
  }

  @Test
  void weakUndefinedIsNothing() {
    assertThat(value(elf.symbol("nobody_has_it", 0, 0, 0, 2, 0))).isZero();
  }

  @Test
  void whatTheAssemblerLeavesBehindIsIgnored() {
    assertThat(value(elf.undefined("_GLOBAL_OFFSET_TABLE_"))).isZero();
  }

  @Test
  void commonSymbolsGetAlignedSpaceInData() {
    elf.section(".data", TestModule.WA, 8, new byte[8]);
    int common = elf.symbol("common", 0xfff2, 256, 100, 1, LOCAL_OBJECT);
    try (ModuleFile file = module.thisModule(0, 0).open();
        LinkedModule linked = TestModule.linker(kernel).prepare(file, LinkOptions.DEFAULT)) {
      long address = linked.symbolValue(common);
      assertThat(address % 256).isZero();
      int segment = linked.image().find(address, 100);
      assertThat(linked.image().request(segment).kind()).isEqualTo(SegmentKind.DATA);
    }
  }

  @Test
  void perCpuSymbolsAreOffsetsFromTheBase() {
    int section = elf.section(".data..percpu", TestModule.WA, 64, new byte[32]);
    int counter = elf.global("counter", section, 16);
    assertThat(value(counter)).isEqualTo(0x20000 + 16);
  }

  @Test
  void constructorsAreToldOf() {
    int text = elf.section(".text", TestModule.AX, 16, new byte[16]);
    int section = elf.section(".init_array", TestModule.WA, 8, new byte[16]);
    elf.rela(section, 0, 1, elf.sectionSymbol(text), 4);
    elf.rela(section, 8, 1, elf.sectionSymbol(text), 8);
    try (ModuleFile file = module.thisModule(0, 0).open();
        LinkedModule linked = TestModule.linker(kernel).prepare(file, LinkOptions.DEFAULT)) {
      List<Activation.Table> tables = linked.activation().tables();
      assertThat(tables).extracting(Activation.Table::kind).containsExactly(TableKind.CONSTRUCTORS);
      assertThat(tables.getFirst().length()).isEqualTo(16);
      long first = linked.image().getLong(tables.getFirst().address());
      assertThat(first).isEqualTo(linked.plan().sectionAddress(text) + 4);
    }
  }

  @Test
  void constructorsOfTwoKindsAreRefused() {
    elf.section(".ctors", TestModule.WA, 8, new byte[8]);
    elf.section(".init_array", TestModule.WA, 8, new byte[8]);
    try (ModuleFile file = module.thisModule(0, 0).open()) {
      assertThatThrownBy(() -> TestModule.linker(kernel).prepare(file, LinkOptions.DEFAULT))
          .isInstanceOfSatisfying(
              LinkException.class,
              e -> {
                assertThat(e.errno()).isEqualTo(Errno.EINVAL);
                assertThat(e.causes().getFirst()).startsWith("both .ctors and .init_array");
              });
    }
    assertThat(kernel.allocations()).isZero();
  }

  @Test
  void noRelocationFollowsAPatch() {
    int text = elf.section(".text", TestModule.AX, 16, new byte[16]);
    elf.rela(text, 1, 2, elf.sectionSymbol(text), 0);
    try (ModuleFile file = module.thisModule(0, 0).open();
        LinkedModule linked = TestModule.linker(kernel).prepare(file, LinkOptions.DEFAULT)) {
      int relocations = linked.plan().elf().sections().relocationsOf(text);
      assertThatThrownBy(() -> linked.image().relocations(relocations, new long[0]))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  /** The same bytes again, as if a fix-up had been there first: the place is not zero. */
  @Test
  void aRelocationThatWouldLandOnPatchedBytesIsAnError() {
    int text = elf.section(".text", TestModule.AX, 16, new byte[16]);
    int own = elf.sectionSymbol(text);
    elf.rela(text, 1, 2, own, 64);
    LinkOptions unpatched = new LinkOptions(false, false, false, List.of());
    try (ModuleFile file = module.thisModule(0, 0).open();
        LinkedModule linked = TestModule.linker(kernel).prepare(file, unpatched)) {
      long[] values = new long[linked.plan().elf().symbols().count()];
      linked.plan().fillValues(values);
      int place = linked.image().offset(0, linked.plan().sectionAddress(text) + 1);
      linked.image().bytes(0).putInt(place, 0x00441f0f);
      Complaints complaints = new Complaints();
      int relocations = linked.plan().elf().sections().relocationsOf(text);
      X86_64.ARCHITECTURE.relocate(linked.image().relocations(relocations, values), complaints);
      assertThatThrownBy(complaints::throwIfAny)
          .isInstanceOfSatisfying(
              LinkException.class,
              e ->
                  assertThat(e.causes().getFirst())
                      .contains("section .text offset 0x1: the place is not zero"));
      assertThat(linked.image().bytes(0).getInt(place)).isEqualTo(0x00441f0f);
    }
  }
}
