package io.linkout.kernel;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Holds the arrows of the design: what each package of the kernel may not import. */
class LayeringTest {
  private static final JavaClasses KERNEL =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.linkout.kernel");

  /** What each package may depend on, of the kernel's own packages, beside itself. */
  private static final Map<String, List<String>> ARROWS =
      Map.ofEntries(
          Map.entry("cpu", List.of()),
          Map.entry("cpu.unicorn", List.of("cpu")),
          Map.entry("kmsg", List.of()),
          Map.entry("personality", List.of()),
          Map.entry("memory", List.of("cpu")),
          Map.entry("symbol", List.of()),
          Map.entry("api..", List.of("cpu", "kmsg", "personality")),
          Map.entry("module", List.of("symbol", "memory", "api..", "cpu", "kmsg")),
          Map.entry("session", List.of("module", "symbol", "memory", "api..", "cpu", "kmsg")),
          Map.entry("systemd", List.of()));

  @TestFactory
  List<DynamicTest> packagesDependOnlyDownwards() {
    List<DynamicTest> tests = new ArrayList<>();
    ARROWS.forEach(
        (from, to) -> tests.add(DynamicTest.dynamicTest(from, () -> checkArrow(from, to))));
    return tests;
  }

  private static void checkArrow(String from, List<String> to) {
    List<String> allowed = new ArrayList<>();
    allowed.add("io.linkout.kernel." + from);
    to.forEach(p -> allowed.add("io.linkout.kernel." + p));
    noClasses()
        .that()
        .resideInAPackage("io.linkout.kernel." + from)
        .should()
        .dependOnClassesThat(
            JavaClass.Predicates.resideInAPackage("io.linkout.kernel..")
                .and(
                    DescribedPredicate.not(
                        JavaClass.Predicates.resideInAnyPackage(allowed.toArray(String[]::new)))))
        .allowEmptyShould(true)
        .check(KERNEL);
  }

  @Test
  void nettyStopsAtTheServer() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.linkout.kernel.server..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.netty..")
        .check(KERNEL);
  }

  @Test
  void protobufStopsAtTheServer() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.linkout.kernel.server..", "io.linkout.kernel.command..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.google.protobuf..", "io.linkout.proto.wire..")
        .check(KERNEL);
  }

  @Test
  void nativeCallsStayWithTheEmulator() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.linkout.kernel.cpu.unicorn..")
        .and()
        // calloc and free, of which the emulator knows nothing
        .doNotHaveFullyQualifiedName("io.linkout.kernel.memory.NativeHeap")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.foreign.Linker")
        .check(KERNEL);
  }
}
