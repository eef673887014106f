package io.linkout.kernel.module;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ActivationCheckTest {
  private final ModuleBench bench = new ModuleBench();
  private Handle handle = bench.allocate();

  @BeforeEach
  void unchanged() {
    handle = bench.allocate();
  }

  private void misuse(String what, UnaryOperator<Images> spoil) {
    Activation facts = spoil.apply(Images.of("m", handle)).build();
    assertThatThrownBy(() -> bench.activate(handle, facts))
        .isInstanceOfSatisfying(
            Refusal.class,
            r -> {
              assertThat(r.kind()).as(r.reason()).isEqualTo(Refusal.Kind.MISUSE);
              assertThat(r.kind().closing()).isTrue();
              assertThat(r.reason()).contains(what);
            });
    assertThat(bench.modules.find("m")).isNull();
    assertThat(bench.cpu.waiting()).isZero();
  }

  private void accepted(UnaryOperator<Images> change) {
    Activation facts = change.apply(Images.of("m", handle)).build();
    PendingWork work = bench.activate(handle, facts);
    assertThat(work.cancel()).isTrue();
    handle = bench.allocate();
  }

  private long at(int segment) {
    return Images.address(handle, segment);
  }

  @Test
  void initLiesInText() {
    misuse("init", i -> i.init(at(Images.DATA)));
    misuse("init", i -> i.init(at(Images.TEXT) + 0x1000));
    misuse("init", i -> i.init(at(Images.TEXT) - 1));
    misuse("init", i -> i.init(at(Images.INIT_TEXT) + 0x100));
    misuse("init", i -> i.init(0xffffffff81000000L));
    misuse("init", i -> i.init(at(Images.PERCPU)));
    accepted(i -> i.init(at(Images.TEXT) + 0xfff));
    accepted(i -> i.init(0));
  }

  @Test
  void exitLiesInCoreText() {
    misuse("exit", i -> i.exit(at(Images.INIT_TEXT)));
    misuse("exit", i -> i.exit(at(Images.RODATA)));
    accepted(i -> i.exit(0));
  }

  @Test
  void thisModuleLiesInCoreMemory() {
    misuse("__this_module", i -> i.thisModule(at(Images.DATA) + 0x2000 - 8, 9));
    misuse("__this_module", i -> i.thisModule(at(Images.DATA), 0));
    misuse("__this_module", i -> i.thisModule(at(Images.DATA), -1));
    misuse("__this_module", i -> i.thisModule(at(Images.DATA), Long.MAX_VALUE));
    misuse("__this_module", i -> i.thisModule(at(Images.INIT_TEXT), 8));
    misuse("__this_module", i -> i.thisModule(at(Images.PERCPU), 8));
    misuse("__this_module", i -> i.thisModule(0, 8));
    accepted(i -> i.thisModule(at(Images.DATA) + 0x2000 - 8, 8));
  }

  @Test
  void exportsLieInCoreSegments() {
    misuse("export e", i -> i.export("e", 0xffffffff81000000L));
    misuse("export e", i -> i.export("e", at(Images.INIT_TEXT)));
    misuse("export e", i -> i.export("e", at(Images.RODATA) + 0x800));
    accepted(i -> i.export("e", at(Images.PERCPU)).export("f", at(Images.RODATA) + 0x7ff));
  }

  @Test
  void anotherHandlesMemoryIsNotThisOnes() {
    Handle other = bench.allocate();
    misuse("init", i -> i.init(Images.address(other, Images.TEXT)));
    misuse("export e", i -> i.export("e", Images.address(other, Images.DATA)));
  }

  @Test
  void dependenciesArePinned() {
    LoadedModule base = bench.load("base", java.util.List.of());
    misuse("base", i -> i.uses(base.loadId()));
    misuse("12345", i -> i.uses(12345));
  }

  @Test
  void parametersAreTheModulesOwn() {
    accepted(i -> i.parameter(at(Images.TEXT), at(Images.DATA)));
    accepted(i -> i.parameter(0xffffffff81000010L, at(Images.DATA)));
    misuse("param", i -> i.parameter(0xffffffff81000011L, at(Images.DATA)));
    misuse("param", i -> i.parameter(at(Images.DATA), at(Images.DATA)));
    misuse("param", i -> i.parameter(at(Images.TEXT), at(Images.DATA) + 0x2000 - 39));
    misuse("param", i -> i.parameter(at(Images.TEXT), 0));
  }

  @Test
  void wordsAreOnesThatCanBePrinted() {
    for (String name : new String[] {"", "a b", "a/b", "a\nb", "\u00e4", "x".repeat(56)}) {
      assertThatThrownBy(() -> bench.activate(handle, Images.of(name, handle).build()))
          .isInstanceOfSatisfying(
              Refusal.class, r -> assertThat(r.kind()).isEqualTo(Refusal.Kind.INVALID));
    }
    for (String symbol : new String[] {"", "a b", "a\u0000", "x".repeat(512)}) {
      assertThatThrownBy(
              () ->
                  bench.activate(
                      handle, Images.of("m", handle).export(symbol, at(Images.TEXT)).build()))
          .isInstanceOfSatisfying(
              Refusal.class, r -> assertThat(r.kind()).isEqualTo(Refusal.Kind.INVALID));
    }
    assertThatThrownBy(() -> bench.activate(handle, Images.of("m", handle).taints("o!").build()))
        .isInstanceOf(Refusal.class);
    accepted(i -> i.taints("OE"));
  }
}
