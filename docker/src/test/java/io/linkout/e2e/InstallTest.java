package io.linkout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the tar of {@code make dist} has, installed and removed again. */
class InstallTest {
  @TempDir private Path directory;

  @Test
  void cachesAreMadeAtInstallAndEverythingGoesAtUninstall() throws IOException {
    Path stage = directory.resolve("unpacked");
    run(Tool.TOP.resolve("scripts/stage").toString(), stage.toString());
    assertThat(stage.resolve("lib/linkout/cache")).doesNotExist();
    Path prefix = Files.createDirectory(directory.resolve("pre fix"));
    Path stranger = Files.createDirectories(prefix.resolve("share/man/man8")).resolve("other.8");
    Files.writeString(stranger, "not ours");

    Object installer = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    Path launcher = stage.resolve("lib/linkout/bin/linkout");
    if (Integer.valueOf(0).equals(installer)) {
      // Unpacked by somebody else than who installs it.
      Files.setAttribute(launcher, "unix:uid", 54321);
    }
    run(stage.resolve("install").toString(), prefix.toString());
    Path home = prefix.resolve("lib/linkout");
    for (String cache : List.of("client", "control", "health", "kernel")) {
      assertThat(home.resolve("cache/" + cache + ".aot")).isNotEmptyFile();
    }
    // Or no launcher of another installation sends anybody there.
    for (String file : List.of("", "bin", "bin/linkout")) {
      Path installed = home.resolve(file);
      assertThat(Files.getAttribute(installed, "unix:uid")).as(file).isEqualTo(installer);
      assertThat(Files.getPosixFilePermissions(installed))
          .as(file)
          .doesNotContain(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);
    }
    assertThat(prefix.resolve("share/man/man8/linkout-insmod.8")).exists();
    assertThat(prefix.resolve("share/bash-completion/completions/linkout")).exists();
    assertThat(home.resolve("share/bash-completion/completions/insmod")).exists();
    assertThat(prefix.resolve("share/zsh/site-functions/_linkout")).exists();
    // In place of itself, as for an update.
    run(stage.resolve("install").toString(), prefix.toString());
    run(home.resolve("bin/modinfo").toString(), prefix + "/share/linkout/examples/hello.ko");

    run(home.resolve("uninstall").toString());
    try (var left = Files.walk(prefix)) {
      assertThat(left.filter(Files::isRegularFile)).containsExactly(stranger);
    }
    assertThat(home).doesNotExist();
  }

  private static void run(String... words) {
    Tool.start(List.of(words)).await().ok();
  }
}
