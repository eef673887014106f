package io.linkout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.proto.wire.StatsReply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jpountz.lz4.LZ4Factory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Debian's own modules, unmodified, under the personality of the kernel they were built for, called
 * with answers known from elsewhere. LINKOUT_DEBIAN names the root that the packages were unpacked
 * in.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("loader")
class DebianModulesTest {
  private static final String CHECK = "hex:" + hex("123456789");

  private Path modules = Path.of("none");
  private List<Daemon> daemons = List.of();

  @BeforeAll
  void startKernel() throws IOException {
    String root = System.getenv("LINKOUT_DEBIAN");
    Assumptions.assumeTrue(
        root != null, "SKIPPED: no Debian kernel packages (LINKOUT_DEBIAN is not set)");
    Path lib = Path.of(String.valueOf(root)).resolve("lib/modules");
    String release;
    try (Stream<Path> releases = Files.list(lib)) {
      release =
          releases.map(p -> String.valueOf(p.getFileName())).sorted().findFirst().orElseThrow();
    }
    modules = lib.resolve(release);
    daemons = List.of(Daemon.start("--kernel-headers", root + "/usr/src/linux-headers-" + release));
  }

  @AfterAll
  void stopKernel() {
    daemons.forEach(Daemon::close);
  }

  @Test
  void exportsTakeTwelveBytesEachAtMost() {
    StatsReply stats = daemon().stats();
    if (Daemon.USERSPACE) {
      assertThat(stats.getExports()).isZero();
      assertThat(stats.getExportTableBytes()).isZero();
      return;
    }
    assertThat(stats.getExports()).isGreaterThan(10_000);
    assertThat(stats.getExportTableBytes()).isBetween(1L, 12L * stats.getExports());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "crc7",
        "crc8",
        "crc16",
        "crc-itu-t",
        "crc64",
        "cordic",
        "libarc4",
        "libdes",
        "libpoly1305",
        "libcurve25519-generic",
        "lz4_compress",
        "lz4hc_compress",
        "libchacha",
        "bch",
        "reed_solomon",
        "lru_cache",
        "zstd_compress"
      })
  void loadsAndLeavesNothing(String name) {
    Map<String, Long> before = daemon().nine();
    daemon().run("insmod", file(name)).ok();
    assertThat(daemon().live()).contains(name.replace('-', '_'));
    daemon().run("rmmod", name).ok();
    assertThat(daemon().nine()).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({
    "crc7, crc7_be, 0, 8, 0xea",
    "crc16, crc16, 0, 16, 0xbb3d",
    "crc-itu-t, crc_itu_t, 0, 16, 0x31c3",
    "crc64, crc64_be, 0, 64, 0x6c40df5f0b497347",
    "crc64, crc64_rocksoft_generic, 0, 64, 0xae8b14860a799888"
  })
  void checksumsOfTheCheckString(
      String module, String function, String start, int bits, String expected) {
    with(
        module,
        name ->
            // a narrow result's upper bits are not defined (psABI 3.2.3)
            assertThat(
                    result(call(name + ":" + function, start, CHECK, "9")) & (-1L >>> (64 - bits)))
                .isEqualTo(Long.parseUnsignedLong(expected.substring(2), 16)));
  }

  @Test
  void crc8WithATableItMadeItself() {
    with(
        "crc8",
        name -> {
          String table = call(name + ":crc8_populate_msb", "out:256", "7").get(1);
          List<String> lines = call(name + ":crc8", "hex:" + table, CHECK, "9", "0");
          assertThat(result(lines) & 0xff).isEqualTo(0xf4);
        });
  }

  @Test
  void arc4OfTheWellKnownPlaintext() {
    with(
        "libarc4",
        name -> {
          String context = call(name + ":arc4_setkey", "out:1040", "str:Key", "3").get(1);
          List<String> lines =
              call(
                  name + ":arc4_crypt",
                  "inout:" + context,
                  "out:9",
                  "hex:" + hex("Plaintext"),
                  "9");
          assertThat(lines.get(2)).isEqualTo("bbf316e8d940af0ad3");
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 4000, 60000})
  void lz4IsReadByAnotherLz4(int size) throws IOException {
    byte[] plain = compressible(size);
    Path input = daemon().directory().resolve("plain-" + size);
    Files.write(input, plain);
    with(
        "lz4_compress",
        name -> {
          int bound = size + size / 255 + 16;
          List<String> lines =
              call(
                  name + ":LZ4_compress_default",
                  "file:" + input,
                  "out:" + bound,
                  "" + size,
                  "" + bound,
                  "out:16416");
          int length = (int) result(lines);
          byte[] packed = java.util.Arrays.copyOf(HexFormat.of().parseHex(lines.get(1)), length);
          assertThat(length).isBetween(1, size);
          assertThat(LZ4Factory.safeInstance().safeDecompressor().decompress(packed, size))
              .isEqualTo(plain);
        });
  }

  @Test
  void curve25519AsInRfc7748() {
    with(
        "libcurve25519-generic",
        name -> {
          // RFC 7748, 5.2, first test vector
          List<String> lines =
              call(
                  name + ":curve25519_generic",
                  "out:32",
                  "hex:a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
                  "hex:e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c");
          assertThat(lines.get(1))
              .isEqualTo("c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552");
        });
  }

  @Test
  void desOfTheFips81Example() {
    with(
        "libdes",
        name -> {
          List<String> key = call(name + ":des_expand_key", "out:128", "hex:0123456789abcdef", "8");
          assertThat(result(key)).isZero();
          List<String> lines =
              call(name + ":des_encrypt", "hex:" + key.get(1), "out:8", "hex:" + hex("Now is t"));
          assertThat(lines.get(1)).isEqualTo("3fa40e8a984d4815");
        });
  }

  @Test
  void jumpLabelsAcrossModulesAsTheKernelsOwnTestSeesThem() {
    Map<String, Long> before = daemon().nine();
    daemon().run("insmod", file("test_static_key_base")).ok();
    daemon().run("insmod", file("test_static_keys")).ok();
    assertThat(daemon().run("rmmod", "test_static_key_base").failed().err()).contains("in use");
    daemon().run("rmmod", "test_static_keys").ok();
    daemon().run("rmmod", "test_static_key_base").ok();
    assertThat(daemon().nine()).isEqualTo(before);
  }

  private interface Body {
    void run(String name);
  }

  private void with(String module, Body body) {
    Map<String, Long> before = daemon().nine();
    daemon().run("insmod", file(module)).ok();
    body.run(module.replace('-', '_'));
    daemon().run("rmmod", module).ok();
    assertThat(daemon().nine()).isEqualTo(before);
  }

  private List<String> call(String function, String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = function;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return daemon().run("kcall", all).ok().lines();
  }

  private static long result(List<String> lines) {
    assertThat(lines.getFirst()).matches("0x[0-9a-f]{16}");
    return Long.parseUnsignedLong(lines.getFirst().substring(2), 16);
  }

  private Daemon daemon() {
    return daemons.getFirst();
  }

  /** Returns the file of a module of the tree, found by its name. */
  private String file(String name) {
    try (Stream<Path> files = Files.walk(modules)) {
      return files
          .filter(p -> String.valueOf(p.getFileName()).equals(name + ".ko"))
          .findFirst()
          .orElseThrow(() -> new AssertionError("Debian has no " + name + ".ko any more"))
          .toString();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static byte[] compressible(int size) {
    Random random = new Random(size);
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) ('a' + random.nextInt(1 + i % 7));
    }
    return bytes;
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
  }
}
