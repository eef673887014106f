package io.linkout.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** modprobe.d: files, order, lines; the kernel's command line. */
class ConfigTest {
  @TempDir Path root;

  private void file(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private ModprobeConfig read(String... paths) throws IOException {
    return ConfigFiles.read(
        List.of(paths), root, root.resolve("lib/modules/r"), root.resolve("proc/cmdline"));
  }

  @Test
  void filesAreReadByNameAndTheFirstDirectoryWins() throws IOException {
    file("lib/modprobe.d/a.conf", "blacklist a-lib\n");
    file("usr/lib/modprobe.d/b.conf", "blacklist b-usr\n");
    file("run/modprobe.d/b.conf", "blacklist b_run\n");
    file("etc/modprobe.d/c.conf", "blacklist c_etc");
    file("etc/modprobe.d/hidden.txt", "blacklist no\n");
    file("lib/modprobe.d/masked.conf", "blacklist no\n");
    file("etc/modprobe.d/masked.conf", "");
    file("lib/modprobe.d/z.conf", "softdep after post: x\n");
    file("lib/modules/r/modules.softdep", "# depmod\nsoftdep from_depmod pre: y\n");
    ModprobeConfig config = read();
    assertThat(config.blacklist()).containsExactly("a_lib", "b_run", "c_etc");
    assertThat(config.softDependencies())
        .extracting(ModprobeConfig.SoftDependency::pattern)
        .containsExactly("from_depmod", "after");
    assertThat(config.complaints()).isEmpty();
  }

  @Test
  void pathsGivenReplaceTheDirectories() throws IOException {
    file("etc/modprobe.d/a.conf", "blacklist etc\n");
    file("one", "blacklist one\n");
    file("more/x.conf", "blacklist more\n");
    ModprobeConfig config =
        read(
            root.resolve("one").toString(),
            root.resolve("more").toString(),
            root.resolve("none").toString());
    assertThat(config.blacklist()).containsExactly("one", "more");
  }

  @Test
  void everyCommandIsUnderstood() throws IOException {
    file(
        "etc/modprobe.d/a.conf",
        """
        # comment
        alias my-foo*\te1000e
        alias a[-]b bracket-ed
        options e1000e  debug=1\tx="a b"
        install foo-bar   /bin/true $CMDLINE_OPTS
        remove foo_bar /bin/echo
        softdep xfs pre: a b post: c
        softdep plain d
        weakdep xfs w-one w2
        options long one=1 \\
          two=2
        """);
    ModprobeConfig config = read();
    assertThat(config.aliases())
        .containsExactly(
            new ModprobeConfig.Alias("my_foo*", "e1000e"),
            new ModprobeConfig.Alias("a[-]b", "bracket_ed"));
    assertThat(config.options())
        .containsExactly(
            new ModprobeConfig.Options("e1000e", " debug=1 x=\"a b\""),
            new ModprobeConfig.Options("long", "one=1   two=2"));
    assertThat(config.installs())
        .containsExactly(new ModprobeConfig.ShellCommand("foo_bar", "  /bin/true $CMDLINE_OPTS"));
    assertThat(config.removes())
        .containsExactly(new ModprobeConfig.ShellCommand("foo_bar", "/bin/echo"));
    assertThat(config.softDependencies())
        .containsExactly(
            new ModprobeConfig.SoftDependency("xfs", List.of("a", "b"), List.of("c")),
            new ModprobeConfig.SoftDependency("plain", List.of(), List.of()));
    assertThat(config.weakDependencies())
        .containsExactly(new ModprobeConfig.WeakDependency("xfs", List.of("w-one", "w2")));
  }

  @Test
  void badLinesAreToldWithFileAndLine() throws IOException {
    file("etc/modprobe.d/a.conf", "blacklist ok\nbogus x\noptions\n\ninclude y\nalias a] b\n");
    String file = root.resolve("etc/modprobe.d/a.conf").toString();
    ModprobeConfig config = read();
    assertThat(config.complaints())
        .containsExactly(
            file + " line 2: ignoring bad line starting with 'bogus'",
            file + " line 3: ignoring bad line starting with 'options'",
            file + ": command include is deprecated and not parsed anymore",
            file + " line 6: ignoring bad line starting with 'alias'");
    assertThat(config.blacklist()).containsExactly("ok");
  }

  @Test
  void theKernelsCommandLineHasOptionsAndABlacklist() throws IOException {
    file(
        "proc/cmdline",
        "ro quiet snd-hda.model=x,y modprobe.blacklist=one,two-b foo.flag 0.0.0.0:2024"
            + " a.b=\"c d\" \"e.f=g h\" =x .y=1 root=/dev/a.b=c\n");
    ModprobeConfig config = read();
    assertThat(config.options())
        .containsExactly(
            new ModprobeConfig.Options("snd_hda", "model=x,y"),
            new ModprobeConfig.Options("a", "b=\"c d\""),
            new ModprobeConfig.Options("e", "f=\"g h\""));
    assertThat(config.blacklist()).containsExactly("one", "two_b");
  }
}
