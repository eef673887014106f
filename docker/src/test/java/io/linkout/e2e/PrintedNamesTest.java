package io.linkout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Addresses that the kernel prints outside of oopses: whoever keeps the symbols, people read the
 * same.
 */
@Tag("loader")
class PrintedNamesTest {
  private final Daemon daemon = Daemon.start();

  @AfterEach
  void stop() {
    daemon.close();
  }

  private Path load(String name, String code) throws IOException {
    Path module = daemon.directory().resolve(name + ".ko");
    ModuleSource.compile(name, code, module);
    daemon.run("insmod", module.toString()).ok();
    return module;
  }

  @Test
  void whatAModulePrints() throws IOException {
    load(
        "says",
        """
        #include <linux/slab.h>
        __attribute__((noipa)) static int reach(int *p) { return *p + 1; }
        static int __init start(void)
        {
          pr_info("own %pS and %pB\\n", (char *)reach + 2, (char *)reach + 2);
          pr_info("kernel %pS and %pB.\\n", kfree, (char *)kfree + 2);
          pr_info("numbers 0x%px 0x%lx %pS\\n", kfree, (unsigned long)kfree, (void *)0xffffffffff000000);
          return 0;
        }
        static void __exit stop(void) {}
        """);
    String kfree = daemon.run("ksym", "kfree").ok().out().split(" ", 2)[0];
    assertThat(daemon.run("dmesg").ok().out())
        .containsPattern("own reach\\+0x2/0x[1-9a-f]\\S* \\[says] and reach\\+0x2/0x\\S+ \\[says]")
        .containsPattern("kernel kfree\\+0x0/0x10 and kfree\\+0x2/0x10\\.")
        .contains("numbers " + kfree + " " + kfree + " 0xffffffffff000000");
  }

  @Test
  void whoMadeWhatIsLeftWhenTheModuleIsGone() {
    daemon.run("insmod", Tool.example("leak")).ok();
    assertThat(daemon.run("rmmod", "leak").status()).isZero();
    assertThat(daemon.live()).isEmpty();
    assertThat(daemon.run("dmesg").ok().out())
        .containsPattern(
            "leak left kmalloc-\\S+ of 1000 bytes at 0x\\S+ made by (leak_init|init_module)\\+0x\\S+/0x\\S+ \\[leak]")
        .doesNotContainPattern("made by leak\\+0x");
  }

  @Test
  void rmmodNamesAnExitThatDies() throws IOException {
    String code =
        """
        __attribute__((noipa)) static int reach(int *p) { return *p + 1; }
        static int __init start(void) { return 0; }
        static void __exit stop(void) { if (reach((int *)8)) pr_info("no\\n"); }
        """;
    load("dies", code);
    assertThat(daemon.run("rmmod", "dies").failed().err())
        .startsWith("rmmod: ERROR: could not remove module dies: ")
        .containsPattern("  RIP: 0010:reach\\+0x[0-9a-f]+/0x[0-9a-f]+ \\[dies]")
        .containsPattern(" (stop|cleanup_module)\\+0x[0-9a-f]+/0x");
  }
}
