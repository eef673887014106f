package io.linkout.kernel.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.kernel.api.KernelExport.Behaviour;
import io.linkout.kernel.api.text.PointerFormats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * docs/KERNEL-API.md says what the kernel provides, from what it provides. With {@code
 * -Dlinkout.write=true} the document is written instead of compared.
 */
class KernelApiDocumentTest {
  private static final Path DOCUMENT =
      Path.of(System.getProperty("linkout.top", ".."), "docs", "KERNEL-API.md");

  @Test
  void theDocumentSaysWhatTheKernelProvides() throws IOException {
    String expected = document();
    if (Boolean.getBoolean("linkout.write")) {
      Files.writeString(DOCUMENT, expected);
    }
    assertThat(Files.readString(DOCUMENT))
        .as(
            "out of date: run mvn -pl proto,kernel-sim test -Dtest=KernelApiDocumentTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dsurefire.more=-Dlinkout.write=true")
        .isEqualTo(expected);
  }

  private static String document() {
    StringBuilder text = new StringBuilder();
    text.append(
        """
        # The kernel's own functions and variables

        Made by `KernelApiDocumentTest` from what the kernel provides; do not edit.

        Under the built-in personality every name below is exported. Under `--kernel-headers` exactly the names of that
        kernel's `Module.symvers` are, each with its CRC, licence class and namespace; a name that is not below is *absent*:
        it has an address of its own where nothing is mapped, so that a module links against it, and touching it is
        an oops that names it and its caller. No absent function ever returns.

        - *real*: does what Linux does, as far as a kernel with one CPU, no scheduler and no device can.
        - *modelled*: records what was asked and its undoing; what is left when the module goes is reported.
        - *data*: storage with the layout of the personality's release. A field that is not modelled is poisoned:
          following it is an oops that names the symbol.

        A lock that its holder takes again, or a wait that nobody can end, is an oops that says so. Sleeps and delays
        advance the clock without waiting.
        """);
    try (GuestMachine machine = new GuestMachine()) {
      List<KernelExport> exports =
          machine.exports.all().stream().sorted(Comparator.comparing(KernelExport::name)).toList();
      for (Behaviour behaviour : List.of(Behaviour.REAL, Behaviour.MODELLED, Behaviour.DATA)) {
        List<KernelExport> of = exports.stream().filter(e -> e.behaviour() == behaviour).toList();
        text.append("\n## ")
            .append(behaviour.name().charAt(0))
            .append(behaviour.name().substring(1).toLowerCase(java.util.Locale.ROOT))
            .append(": ")
            .append(of.size())
            .append(
                "\n\nA star marks what only GPL-compatible modules may use under the built-in personality.\n\n");
        for (KernelExport export : of) {
          text.append("- `").append(export.name()).append('`');
          text.append(export.gplOnly() ? " *\n" : "\n");
        }
      }
    }
    text.append(
        "\n## Pointers in printk formats\n\n| extension | here | what it prints |\n| --- | --- | --- |\n");
    for (PointerFormats.Extension extension : PointerFormats.ALL) {
      text.append("| `")
          .append(extension.letters().replace(" ", "` `"))
          .append("` | ")
          .append(extension.support().name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '))
          .append(" | ")
          .append(extension.meaning().replace("|", "\\|"))
          .append(" |\n");
    }
    return text.toString();
  }
}
