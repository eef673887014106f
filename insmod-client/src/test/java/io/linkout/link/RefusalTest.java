package io.linkout.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.linkout.elf.Elf;
import io.linkout.elf.ElfBuilder;
import io.linkout.link.x86_64.X86_64;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a module is refused for, in kmod's words, with every cause named. */
final class RefusalTest {
  private static final LinkOptions FORCE = new LinkOptions(true, true, true, List.of());

  private static LinkException refusal(FakeKernel kernel, TestModule module) {
    return refusal(kernel, module, ExportHints.NONE);
  }

  private static LinkException refusal(FakeKernel kernel, TestModule module, ExportHints hints) {
    try (ModuleFile file = module.open()) {
      LinkException e =
          catchThrowableOfType(
              LinkException.class,
              () ->
                  new Linker(kernel, X86_64.ARCHITECTURE, hints, PassTimer.NONE)
                      .load(file, LinkOptions.DEFAULT));
      assertThat(e).as("the module must be refused").isNotNull();
      assertThat(kernel.allocations()).isZero();
      assertThat(kernel.activated()).isEmpty();
      return e;
    }
  }

  private static void accepted(FakeKernel kernel, TestModule module, LinkOptions options) {
    try (ModuleFile file = module.open()) {
      TestModule.linker(kernel).load(file, options);
    }
    assertThat(kernel.activated()).hasSize(1);
  }

  private static TestModule module() {
    return new TestModule().thisModule(0, 0);
  }

  private static KernelSymbol symbol(
      String name, @org.jspecify.annotations.Nullable Integer crc, boolean gpl, String namespace) {
    return new KernelSymbol(name, 0xffffffff81000000L, crc, gpl, namespace, "", 0);
  }

  private static void versions(ElfBuilder elf, String name, int crc) {
    byte[] entry = new byte[64];
    ByteBuffer.wrap(entry).order(java.nio.ByteOrder.LITTLE_ENDIAN).putLong(crc & 0xffffffffL);
    byte[] text = name.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(text, 0, entry, 8, text.length);
    elf.section("__versions", TestModule.A, 32, entry);
  }

  @Test
  void allUnknownSymbolsAtOnceWithWhoWouldExportThem() {
    FakeKernel kernel = new FakeKernel();
    LinkException e =
        refusal(
            kernel,
            module().imports("alpha").imports("beta"),
            name -> name.equals("beta") ? "some_lib" : null);
    assertThat(e).hasMessage("Unknown symbol in module");
    assertThat(e.causes())
        .containsExactly(
            "unknown symbol alpha", "unknown symbol beta: module some_lib would export it");
    assertThat(kernel.reported())
        .extracting(f -> f.kind() + " " + f.subject() + " " + f.errno())
        .containsExactly("UNKNOWN_SYMBOL alpha 2", "UNKNOWN_SYMBOL beta 2");
  }

  @Test
  void weakUnknownSymbolsAreZero() {
    TestModule module = module();
    int section = module.elf().section(".ref", TestModule.A, 8, new byte[8]);
    module.elf().rela(section, 0, 1, module.elf().symbol("maybe", 0, 0, 0, Elf.STB_WEAK, 0), 0);
    FakeKernel kernel = new FakeKernel();
    accepted(kernel, module, LinkOptions.DEFAULT);
    assertThat(kernel.reported()).isEmpty();
  }

  @Test
  void globalOffsetTableIsNoImport() {
    FakeKernel kernel = new FakeKernel();
    TestModule module = module();
    module.elf().undefined("_GLOBAL_OFFSET_TABLE_");
    accepted(kernel, module, LinkOptions.DEFAULT);
  }

  @Test
  void gplOnlySymbolsAreUnknownToProprietaryModules() {
    FakeKernel kernel = new FakeKernel().export(symbol("gpl_thing", null, true, ""));
    LinkException e = refusal(kernel, module().info("license", "Proprietary").imports("gpl_thing"));
    assertThat(e.errno()).isEqualTo(Errno.ENOENT);
    assertThat(e.causes().getFirst()).contains("gpl_thing").contains("\"Proprietary\"");
    FakeKernel same = new FakeKernel().export(symbol("gpl_thing", null, true, ""));
    accepted(same, module().imports("gpl_thing"), LinkOptions.DEFAULT);
  }

  @Test
  void wrongCrcShowsBothValues() {
    FakeKernel kernel = new FakeKernel().modversions().export(symbol("thing", 0x1234, false, ""));
    TestModule module = module().imports("thing");
    versions(module.elf(), "thing", 0xabcd);
    LinkException e = refusal(kernel, module);
    assertThat(e).hasMessage("Module has wrong symbol version");
    assertThat(e.causes())
        .containsExactly(
            "symbol thing: version 0x0000abcd in the module, 0x00001234 in the kernel");
    assertThat(kernel.reported().getFirst().kind()).isEqualTo(FailureCause.Kind.VERSION_DISAGREES);
  }

  @Test
  void wrongCrcCanBeForced() {
    FakeKernel kernel = new FakeKernel().modversions().export(symbol("thing", 0x1234, false, ""));
    TestModule module = module().imports("thing");
    versions(module.elf(), "thing", 0xabcd);
    accepted(kernel, module, FORCE);
    assertThat(kernel.activated().getFirst().taints()).isEqualTo("OF");
  }

  @Test
  void aCrcDoesNotMatterWhereTheExportHasNone() {
    FakeKernel kernel = new FakeKernel().export(symbol("thing", null, false, ""));
    TestModule module = module().imports("thing");
    versions(module.elf(), "thing", 0xabcd);
    accepted(kernel, module, LinkOptions.DEFAULT);
  }

  @Test
  void aCrcMattersWhereTheExportHasOneEvenIfTheKernelHasNone() {
    FakeKernel kernel = new FakeKernel().export(symbol("thing", 0x1234, false, ""));
    TestModule module = module().imports("thing");
    versions(module.elf(), "thing", 0xabcd);
    assertThat(refusal(kernel, module).errno()).isEqualTo(Errno.ESRCH);
  }

  @Test
  void theLayoutOfStructModuleHasAVersionToo() {
    FakeKernel kernel =
        new FakeKernel().modversions().export(symbol("module_layout", 1, false, ""));
    TestModule module = module();
    versions(module.elf(), "module_layout", 2);
    assertThat(refusal(kernel, module).causes().getFirst()).startsWith("symbol module_layout:");
  }

  @Test
  void extendedVersionsAreChecked() {
    FakeKernel kernel = new FakeKernel().modversions().export(symbol("thing", 7, false, ""));
    TestModule module = module().imports("thing");
    module.elf().section("__version_ext_crcs", TestModule.A, 4, new byte[] {8, 0, 0, 0});
    module
        .elf()
        .section(
            "__version_ext_names",
            TestModule.A,
            1,
            "thing\0".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(refusal(kernel, module).errno()).isEqualTo(Errno.ESRCH);
  }

  @Test
  void importsWithoutVersionsAreRefusedWhereTheKernelHasThem() {
    FakeKernel kernel = new FakeKernel().modversions().export(symbol("thing", 1, false, ""));
    LinkException e = refusal(kernel, module().imports("thing"));
    assertThat(e.errno()).isEqualTo(Errno.ENOEXEC);
    FakeKernel same = new FakeKernel().modversions().export(symbol("thing", 1, false, ""));
    accepted(same, module().imports("thing"), FORCE);
  }

  @Test
  void namespaceNotImported() {
    FakeKernel kernel = new FakeKernel().export(symbol("thing", null, false, "SECRET"));
    LinkException e = refusal(kernel, module().imports("thing"));
    assertThat(e).hasMessage("Invalid parameters");
    assertThat(e.causes().getFirst()).contains("thing").contains("namespace SECRET");
    assertThat(kernel.reported().getFirst().expected()).isEqualTo("SECRET");
    FakeKernel same = new FakeKernel().export(symbol("thing", null, false, "SECRET"));
    accepted(
        same,
        module().info("import_ns", "OTHER").info("import_ns", "SECRET").imports("thing"),
        LinkOptions.DEFAULT);
  }

  @Test
  void otherVersionMagic() {
    FakeKernel kernel = new FakeKernel();
    LinkException e = refusal(kernel, module().info("vermagic", "5.4.0 SMP "));
    assertThat(e).hasMessage("Invalid module format");
    assertThat(e.causes())
        .containsExactly("version magic '5.4.0 SMP ' should be '" + FakeKernel.VERMAGIC + "'");
    assertThat(kernel.reported().getFirst())
        .isEqualTo(
            new FailureCause(FailureCause.Kind.BAD_VERMAGIC, "5.4.0 SMP ", 0, FakeKernel.VERMAGIC));
  }

  @Test
  void otherVersionMagicCanBeForced() {
    FakeKernel kernel = new FakeKernel();
    accepted(kernel, module().info("vermagic", "5.4.0 SMP "), FORCE);
    FakeKernel none = new FakeKernel();
    accepted(none, module().withoutVermagic(), FORCE);
  }

  @Test
  void theReleaseDoesNotCountWhereBothHaveVersions() {
    String other = FakeKernel.VERMAGIC.replace("6.1.0-test", "6.1.9-other");
    FakeKernel kernel = new FakeKernel().modversions();
    TestModule module = module().info("vermagic", other);
    versions(module.elf(), "thing", 1);
    accepted(kernel, module, LinkOptions.DEFAULT);
    refusal(new FakeKernel().modversions(), module().info("vermagic", other));
  }

  @Test
  void noVersionMagic() {
    assertThat(refusal(new FakeKernel(), module().withoutVermagic()).causes().getFirst())
        .startsWith("no version magic");
  }

  @Test
  void notAModule() {
    LinkException e = refusal(new FakeKernel(), new TestModule());
    assertThat(e.causes().getFirst()).startsWith("not a module:");
  }

  @Test
  void twoStructModules() {
    LinkException e = refusal(new FakeKernel(), new TestModule().thisModule(0, 0).thisModule(0, 0));
    assertThat(e.causes()).containsExactly("more than one section .gnu.linkonce.this_module");
  }

  @Test
  void structModuleOfAnotherSize() {
    LinkException e = refusal(new FakeKernel().thisModuleSize(1024), module());
    assertThat(e.causes().getFirst()).contains("896 bytes").contains("1024");
  }

  @Test
  void everyCauseIsGivenAndTheFirstInLinuxsOrderNamesTheError() {
    FakeKernel kernel = new FakeKernel().export(symbol("spaced", null, false, "NS"));
    LinkException e =
        refusal(kernel, module().info("vermagic", "x").imports("missing").imports("spaced"));
    assertThat(e.errno()).isEqualTo(Errno.ENOEXEC);
    assertThat(e.causes()).hasSize(3);
  }
}
