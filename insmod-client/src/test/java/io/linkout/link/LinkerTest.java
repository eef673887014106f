package io.linkout.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkout.elf.MalformedElfException;
import io.linkout.link.x86_64.X86_64;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A whole link, from a file to a live module. */
final class LinkerTest {
  private static TestModule module() {
    TestModule module = new TestModule();
    int text = module.elf().section(".text", TestModule.AX, 16, new byte[64]);
    int init = module.elf().section(".init.text", TestModule.AX, 16, new byte[32]);
    int initModule = module.elf().global("init_module", init, 0x10);
    int cleanup = module.elf().global("cleanup_module", text, 0x20);
    return module.thisModule(initModule, cleanup).imports("_printk");
  }

  @Test
  void initAndExitAreWhereThisModuleSays() {
    FakeKernel kernel = new FakeKernel().export("_printk", 0xffffffff81001000L);
    try (ModuleFile file = module().info("name", "some-module").info("version", "7").open()) {
      Activated live = TestModule.linker(kernel).load(file, LinkOptions.DEFAULT);
      assertThat(live.loadId()).isEqualTo(1);
    }
    Activation told = kernel.activated().getFirst();
    // text, rodata, data, init text, in that order, a page each.
    assertThat(told.exit()).isEqualTo(FakeKernel.MODULES + 0x20);
    assertThat(told.init()).isEqualTo(FakeKernel.MODULES + 0x3000 + 0x10);
    assertThat(told.thisModule()).isEqualTo(FakeKernel.MODULES + 0x2000);
    assertThat(told.thisModuleSize()).isEqualTo(TestModule.THIS_MODULE_SIZE);
    assertThat(told.name()).isEqualTo("some_module");
    assertThat(told.version()).isEqualTo("7");
    assertThat(told.taints()).isEqualTo("O");
    assertThat(kernel.allocations()).isEqualTo(1);
  }

  @Test
  void aModuleWithoutInitOrExitHasNeither() {
    FakeKernel kernel = new FakeKernel();
    try (ModuleFile file = new TestModule().thisModule(0, 0).open()) {
      TestModule.linker(kernel).load(file, LinkOptions.DEFAULT);
    }
    assertThat(kernel.activated().getFirst().init()).isZero();
    assertThat(kernel.activated().getFirst().exit()).isZero();
  }

  @Test
  void weakInitThatIsNotThereIsNone() {
    TestModule module = new TestModule();
    int weak = module.elf().symbol("init_module", 0, 0, 0, 2, 0);
    FakeKernel kernel = new FakeKernel();
    try (ModuleFile file = module.thisModule(weak, 0).open()) {
      TestModule.linker(kernel).load(file, LinkOptions.DEFAULT);
    }
    assertThat(kernel.activated().getFirst().init()).isZero();
  }

  @Test
  void theKernelGetsTheRelocatedBytes() {
    FakeKernel kernel = new FakeKernel().export("_printk", 0xffffffff81001000L);
    try (ModuleFile file = module().open();
        LinkedModule linked = TestModule.linker(kernel).prepare(file, LinkOptions.DEFAULT)) {
      byte[] rodata = kernel.memory(linked.allocation()).get(1);
      assertThat(rodata).startsWith(0, 0x10, 0, 0x81, 0xff, 0xff, 0xff, 0xff);
    }
  }

  @Test
  void resolutionIsOneBatch() {
    FakeKernel kernel = new FakeKernel().export("a", 1).export("b", 2);
    try (ModuleFile file = new TestModule().thisModule(0, 0).imports("a").imports("b").open()) {
      TestModule.linker(kernel).load(file, LinkOptions.DEFAULT);
    }
    assertThat(kernel.batches()).containsExactly(List.of("a", "b"));
  }

  @Test
  void preparedAndReleasedLeavesNothing() {
    FakeKernel kernel = new FakeKernel().export("_printk", 0xffffffff81001000L);
    Linker linker = TestModule.linker(kernel);
    try (ModuleFile file = module().open()) {
      linker.release(linker.prepare(file, LinkOptions.DEFAULT));
    }
    assertThat(kernel.allocations()).isZero();
    assertThat(kernel.activated()).isEmpty();
  }

  @Test
  void aRefusedActivationIsPassedOn() {
    FakeKernel kernel = new FakeKernel().export("_printk", 0xffffffff81001000L).refuse();
    try (ModuleFile file = module().open()) {
      assertThatThrownBy(() -> TestModule.linker(kernel).load(file, LinkOptions.DEFAULT))
          .isInstanceOf(KernelException.class)
          .hasMessage("module is there");
    }
    assertThat(kernel.allocations()).isZero();
  }

  @Test
  void aFailedRelocationGivesTheSpaceBack() {
    FakeKernel kernel = new FakeKernel();
    TestModule module = new TestModule().thisModule(0, 0);
    int text = module.elf().section(".text", TestModule.AX, 16, new byte[64]);
    module.elf().rela(text, 8, 99, module.elf().sectionSymbol(text), 0);
    try (ModuleFile file = module.open()) {
      assertThatThrownBy(() -> TestModule.linker(kernel).load(file, LinkOptions.DEFAULT))
          .isInstanceOf(LinkException.class)
          .hasMessage("Invalid module format");
    }
    assertThat(kernel.allocations()).isZero();
  }

  @Test
  void aFileOfAnotherMachineIsRefused() {
    TestModule module = new TestModule().thisModule(0, 0);
    module.elf().machine(183);
    try (ModuleFile file = module.open()) {
      assertThatThrownBy(() -> TestModule.linker(new FakeKernel()).load(file, LinkOptions.DEFAULT))
          .isInstanceOf(MalformedElfException.class)
          .hasMessage("ELF machine 183, not 62 (x86-64)");
    }
  }

  @Test
  void passesAreTimedInOrder() {
    List<String> passes = new ArrayList<>();
    Linker linker =
        new Linker(
            new FakeKernel(),
            X86_64.ARCHITECTURE,
            ExportHints.NONE,
            (pass, nanos) -> passes.add(pass));
    try (ModuleFile file = new TestModule().thisModule(0, 0).open()) {
      linker.load(file, LinkOptions.DEFAULT);
    }
    assertThat(passes)
        .containsExactly(
            "layout",
            "parameters",
            "resolve",
            "allocate",
            "copy",
            "relocate",
            "fixups",
            "exports",
            "write",
            "activate");
  }

  @Test
  void linkingAgainUsesTheSameMemoryWithoutItsContents() {
    FakeKernel kernel = new FakeKernel();
    Linker linker = TestModule.linker(kernel);
    TestModule full = new TestModule().thisModule(0, 0);
    byte[] ones = new byte[256];
    java.util.Arrays.fill(ones, (byte) 1);
    full.elf().section(".data", TestModule.WA, 1, ones);
    TestModule gaps = new TestModule().thisModule(0, 0);
    gaps.elf().section(".data", TestModule.WA, 1, new byte[] {2});
    gaps.elf().section(".data.aligned", TestModule.WA, 64, new byte[] {3});
    try (ModuleFile first = full.open();
        ModuleFile second = gaps.open()) {
      linker.prepare(first, LinkOptions.DEFAULT).close();
      try (LinkedModule linked = linker.prepare(second, LinkOptions.DEFAULT)) {
        byte[] data = kernel.memory(linked.allocation()).getFirst();
        for (int i = 897; i < 960; i++) {
          assertThat(data[i]).as("gap at %s", i).isZero();
        }
        assertThat(data[960]).isEqualTo((byte) 3);
      }
    }
  }
}
