package io.linkout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A module's constructors run before its init, in the order of the file. */
@Tag("loader")
class ConstructorTest {
  @Test
  void constructorsRunBeforeInit(@TempDir Path directory) throws IOException {
    Path module = directory.resolve("constructed.ko");
    ModuleSource.compile(
        "constructed",
        """
        static int calls;
        static void __attribute__((constructor)) one(void)
        {
          calls = 1;
        }
        static void __attribute__((constructor)) two(void)
        {
          calls = calls * 10 + 2;
          printk("constructed: two\\n");
        }
        static int __init start(void)
        {
          printk("constructed: calls %d\\n", calls);
          return 0;
        }
        static void __exit stop(void) {}
        """,
        module);
    try (Daemon daemon = Daemon.start()) {
      daemon.run("insmod", module.toString()).ok();
      assertThat(daemon.run("dmesg", "-t").ok().lines())
          .containsSubsequence("constructed: two", "constructed: calls 12");
      daemon.run("rmmod", "constructed").ok();
    }
  }
}
