package io.linkout.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.linkout.depmod.FakeTree;
import io.linkout.link.Debian;
import io.linkout.link.Programs;
import io.linkout.link.TestModule;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * modinfo prints what kmod 30 prints. Recorded outputs of kmod 30 for modules of 6.1.0-56-amd64 are
 * in {@code modinfo/NAME.kmod30}, without the line of the file's name; where kmod is installed, all
 * modules are compared with what it prints now.
 */
class ModinfoTest {
  private static final String RECORDED = "6.1.0-56-amd64";

  @TempDir private Path directory;

  private static byte[] ours(List<String> words) {
    List<String> all = new ArrayList<>(List.of("modinfo"));
    all.addAll(words);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status = Main.run(all.toArray(String[]::new), new Console("modinfo", out, err, Map.of()));
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    assertThat(status).isZero();
    return out.toByteArray();
  }

  private static byte[] theirs(List<String> words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(kmod()));
    command.addAll(words);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    byte[] out = process.getInputStream().readAllBytes();
    process.waitFor();
    return out;
  }

  /** Returns kmod 30's modinfo; the test is skipped where there is none. */
  private static String kmod() throws IOException, InterruptedException {
    for (String path : List.of("/usr/sbin/modinfo", "/sbin/modinfo")) {
      if (Files.isExecutable(Path.of(path))) {
        Process process = new ProcessBuilder(path, "-V").start();
        String version =
            new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        assumeTrue(version.startsWith("kmod version 30\n"), "SKIPPED: not kmod 30: " + version);
        return path;
      }
    }
    assumeTrue(false, "SKIPPED: no kmod on this machine");
    throw new AssertionError();
  }

  private static List<String> recordedTree() {
    List<String> files = Debian.modules().stream().map(Path::toString).toList();
    assumeTrue(
        files.getFirst().contains("/" + RECORDED + "/"), "SKIPPED: recorded for " + RECORDED);
    return files;
  }

  private static byte[] withoutNames(byte[] output) {
    String text = new String(output, StandardCharsets.ISO_8859_1);
    StringBuilder rest = new StringBuilder();
    for (String line : text.split("\n", -1)) {
      if (!line.startsWith("filename:")) {
        rest.append(rest.isEmpty() ? "" : "\n").append(line);
      }
    }
    return rest.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = ModinfoTest.class.getResourceAsStream("/modinfo/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "crc7",
        "loop",
        "8139too",
        "dummy",
        "psmouse",
        "bonding",
        "e1000e",
        "nls_utf8",
        "btusb",
        "ip_tables",
        "xt_conntrack",
        "nvme-core"
      })
  void asRecorded(String name) throws IOException {
    recordedTree();
    assertThat(withoutNames(ours(List.of(Debian.module(name).toString()))))
        .asString(StandardCharsets.ISO_8859_1)
        .isEqualTo(new String(resource(name + ".kmod30"), StandardCharsets.ISO_8859_1));
  }

  @Test
  void theWholeTreeAsRecorded() throws IOException, NoSuchAlgorithmException {
    byte[] all = withoutNames(ours(recordedTree()));
    String digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(all));
    assertThat(new String(resource("tree.sha256"), StandardCharsets.US_ASCII))
        .endsWith("sha256 " + digest + "\n");
  }

  static List<List<String>> options() {
    return List.of(
        List.of(),
        List.of("-0"),
        List.of("-p"),
        List.of("-a"),
        List.of("-d"),
        List.of("-l"),
        List.of("-n"),
        List.of("-0", "-p"),
        List.of("-F", "alias"),
        List.of("-F", "signer"),
        List.of("-F", "parmtype"),
        List.of("-0", "-F", "signature"),
        List.of("-F", "parm", "-a"),
        List.of("-a", "-F", "parm"));
  }

  @ParameterizedTest
  @MethodSource("options")
  void theWholeTreeAsKmodPrintsItNow(List<String> options)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(options);
    Debian.modules().forEach(module -> words.add(module.toString()));
    kmod();
    byte[] ours = ours(words);
    byte[] theirs = theirs(words);
    int differ = Arrays.mismatch(ours, theirs);
    assertThat(differ).as("bytes agree up to here: %s", around(theirs, differ)).isEqualTo(-1);
  }

  private static String around(byte[] bytes, int at) {
    int from = Math.max(0, Math.min(at - 80, bytes.length));
    return at < 0
        ? ""
        : new String(bytes, from, Math.min(160, bytes.length - from), StandardCharsets.ISO_8859_1);
  }

  private Path put(String name, TestModule module) throws IOException {
    return Files.write(directory.resolve(name), module.bytes());
  }

  @Test
  void parametersAndBytesThatAreNoText() throws IOException {
    Path file =
        put(
            "x-y.ko",
            new TestModule()
                .info("parm", "b:second")
                .info("parmtype", "a:int")
                .info("parmtype", "b:bool")
                .info("author", "J\u00f6rg")
                .info("a_very_long_name_of_a_field", "v"));
    assertThat(new String(ours(List.of(file.toString())), StandardCharsets.ISO_8859_1))
        .isEqualTo(
            """
            filename:       %s
            author:         J\u00f6rg
            a_very_long_name_of_a_field:            v
            vermagic:       6.1.0-test SMP mod_unload modversions\s
            license:        GPL
            parm:           a:int
            parm:           b:second (bool)
            """
                .formatted(file));
  }

  @Test
  void whatIsNotThereOrNoModule() throws IOException {
    Path good = put("good.ko", new TestModule());
    Path bad = Files.writeString(directory.resolve("bad.ko"), "x");
    Path folder = Files.createDirectory(directory.resolve("folder.ko"));
    Path other = Files.writeString(directory.resolve("other.txt"), "x");
    Ran ran =
        Ran.in(
            Map.of(),
            "modinfo",
            "-F",
            "license",
            directory + "/none.ko",
            bad.toString(),
            good.toString(),
            folder.toString(),
            other.toString());
    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.out()).isEqualTo("GPL\n");
    assertThat(ran.err().lines())
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .isEqualTo("modinfo: ERROR: Module " + directory + "/none.ko not found."),
            line ->
                assertThat(line).startsWith("modinfo: ERROR: could not get modinfo from 'bad': "),
            line -> assertThat(line).isEqualTo("modinfo: ERROR: Module " + folder + " not found."),
            line -> assertThat(line).isEqualTo("modinfo: ERROR: Module " + other + " not found."));
  }

  @Test
  void namesAreLookedUpInTheTree() throws IOException {
    Path tree = Files.createDirectories(directory.resolve("lib/modules/R/kernel"));
    Path file = Files.write(tree.resolve("some-name.ko"), new TestModule().bytes());
    String[] words = {"modinfo", "-b", directory.toString(), "-k", "R", "-n", "some_name"};
    assertThat(Ran.in(Map.of(), words)).isEqualTo(new Ran(0, file + "\n", ""));
    words[6] = "none";
    assertThat(Ran.in(Map.of(), words))
        .isEqualTo(new Ran(1, "", "modinfo: ERROR: Module none not found.\n"));
  }

  /** The small tree, with depmod's lists. */
  private static void list(FakeTree tree) {
    assertThat(Ran.in(Map.of(), "depmod", "-b", tree.root().toString(), FakeTree.RELEASE).status())
        .isZero();
  }

  private static Ran named(FakeTree tree, String... words) {
    List<String> all = new ArrayList<>(List.of("modinfo", "-b", tree.root().toString()));
    all.addAll(List.of("-k", FakeTree.RELEASE));
    all.addAll(List.of(words));
    return Ran.in(Map.of(), all.toArray(String[]::new));
  }

  @Test
  void aliasesSymbolsAndBuiltInModules() {
    FakeTree tree = FakeTree.in(directory);
    list(tree);
    Path kernel = tree.directory().resolve("kernel");
    assertThat(named(tree, "-n", "block-major-7-3"))
        .isEqualTo(new Ran(0, kernel.resolve("lib/weak.ko") + "\n", ""));
    assertThat(named(tree, "-n", "symbol:base_value").out())
        .isEqualTo(kernel.resolve("lib/base.ko") + "\n");
    assertThat(named(tree, "built-in-one"))
        .isEqualTo(
            new Ran(
                0,
                """
                name:           built_in_one
                filename:       (builtin)
                license:        GPL
                alias:          one-*
                """,
                ""));
    assertThat(named(tree, "-F", "license", "one-two").out()).isEqualTo("GPL\n");
    assertThat(named(tree, "--json", "builtin_two").out()).contains("(builtin)", "drivers/two");
    assertThat(named(tree, "-m", "block-major-7-3"))
        .isEqualTo(new Ran(1, "", "modinfo: ERROR: Module name block-major-7-3 not found.\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "base",
        "chain-b",
        "block-major-7-3",
        "symbol:base_value",
        "built-in-one",
        "one-two",
        "builtin_two",
        "pci:v00001AF4d00001000sv0sd0bc0sc0i0",
        "nobody",
        "sub/base"
      })
  void namesLeadWhereTheHostsKmodGoes(String name) throws IOException, InterruptedException {
    kmod();
    FakeTree tree = FakeTree.in(directory);
    Programs.run(List.of("/sbin/depmod", "-b", tree.root().toString(), FakeTree.RELEASE));
    for (List<String> options :
        List.of(List.<String>of(), List.of("-n"), List.of("-F", "license"), List.of("-0"))) {
      List<String> words =
          new ArrayList<>(List.of("-b", tree.root().toString(), "-k", FakeTree.RELEASE));
      words.addAll(options);
      words.add(name);
      String theirs = new String(theirs(words), StandardCharsets.ISO_8859_1);
      words.addFirst("modinfo");
      assertThat(Ran.in(Map.of(), words.toArray(String[]::new)).out())
          .as("%s", words)
          .isEqualTo(theirs);
    }
  }

  @Test
  void json() throws IOException {
    Path file = put("j.ko", new TestModule().info("alias", "one").info("alias", "two"));
    assertThat(Ran.in(Map.of(), "modinfo", "--json", file.toString()).out())
        .contains("\"filename\": \"" + file + "\"", "\"alias\": [\"one\", \"two\"]");
  }

  @Test
  void usage() {
    assertThat(Ran.in(Map.of(), "modinfo"))
        .isEqualTo(new Ran(1, "", "modinfo: ERROR: missing module or filename.\n"));
    assertThat(Ran.in(Map.of(), "modinfo", "-F"))
        .isEqualTo(new Ran(1, "", "modinfo: ERROR: option requires an argument -- 'F'\n"));
  }
}
