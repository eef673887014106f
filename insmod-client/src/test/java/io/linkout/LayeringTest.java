package io.linkout;

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

/** Holds the arrows of the design: what each package of the client may import. */
class LayeringTest {
  private static final JavaClasses CLIENT =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.linkout");

  /** What each package may depend on, of the client's own packages, beside itself. */
  private static final Map<String, List<String>> ARROWS =
      Map.of(
          "io.linkout.elf..", List.of(),
          "io.linkout.modinfo..", List.of("io.linkout.elf.."),
          "io.linkout.link",
              List.of("io.linkout.elf..", "io.linkout.modinfo..", "io.linkout.link.."),
          "io.linkout.link.x86_64..",
              List.of("io.linkout.elf..", "io.linkout.modinfo..", "io.linkout.link"),
          "io.linkout.config..", List.of("io.linkout.elf..", "io.linkout.modinfo.."),
          "io.linkout.depmod..", List.of("io.linkout.elf..", "io.linkout.modinfo.."),
          "io.linkout.rpc..",
              List.of("io.linkout.link", "io.linkout.config..", "io.linkout.proto.."));

  @TestFactory
  List<DynamicTest> packagesDependOnlyDownwards() {
    List<DynamicTest> tests = new ArrayList<>();
    ARROWS.forEach(
        (from, to) -> tests.add(DynamicTest.dynamicTest(from, () -> checkArrow(from, to))));
    return tests;
  }

  private static void checkArrow(String from, List<String> to) {
    List<String> allowed = new ArrayList<>(to);
    allowed.add(from);
    noClasses()
        .that()
        .resideInAPackage(from)
        .should()
        .dependOnClassesThat(
            JavaClass.Predicates.resideInAPackage("io.linkout..")
                .and(
                    DescribedPredicate.not(
                        JavaClass.Predicates.resideInAnyPackage(allowed.toArray(String[]::new)))))
        .allowEmptyShould(true)
        .check(CLIENT);
  }

  @Test
  void protobufAndTheSocketStopAtRpc() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.linkout.rpc..", "io.linkout.proto..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "com.google.protobuf..",
            "io.linkout.proto.wire..",
            "io.linkout.proto.handshake..",
            "org.newsclub..")
        .check(CLIENT);
  }
}
