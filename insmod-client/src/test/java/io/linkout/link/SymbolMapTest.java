package io.linkout.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A kernel's symbol map: every line found, what is no map told from one. */
class SymbolMapTest {
  private static final String HEADER = "linkout-symbols 1 abcd boot-1 6.1.0\n";

  @TempDir Path directory;

  private SymbolMap map(String text) throws IOException {
    return SymbolMap.read(file(text), "abcd", "boot-1");
  }

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("k.sock.symbols"), text);
  }

  @Test
  void everyFieldIsRead() throws IOException {
    SymbolMap map =
        map(
            HEADER
                + "a 0xffffffff81000010 0x1234abcd G NS_ONE\n"
                + "b 0xffffffff81000000 - T -\n"
                + "local 0xffffffff81000020 - t -\n");
    assertThat(map.find("a"))
        .isEqualTo(new KernelSymbol("a", 0xffffffff81000010L, 0x1234abcd, true, "NS_ONE", "", 0));
    assertThat(map.find("b"))
        .isEqualTo(new KernelSymbol("b", 0xffffffff81000000L, null, false, "", "", 0));
    assertThat(map.find("local")).as("not exported").isNull();
    assertThat(map.all()).extracting(KernelSymbol::name).containsExactly("a", "b");
    assertThat(map.at(0xffffffff8100001fL)).isEqualTo(new SymbolMap.Place("a", 15, 16));
    assertThat(map.at(0xffffffff81000000L)).isEqualTo(new SymbolMap.Place("b", 0, 16));
    assertThat(map.at(0xffffffff80ffffffL)).as("before all").isNull();
    assertThat(map.at(0xffffffff81000020L)).as("nothing follows").isNull();
  }

  @Test
  void randomNamesAreFoundAndOthersAreNot() throws IOException {
    Random random = new Random(2611);
    for (int round = 0; round < 20; round++) {
      Map<String, Long> symbols = new TreeMap<>();
      int count = random.nextInt(300);
      for (int i = 0; i < count; i++) {
        symbols.put(name(random), random.nextLong() | 0xffffffff00000000L);
      }
      StringBuilder text = new StringBuilder(HEADER);
      List<String> lines = new ArrayList<>();
      symbols.forEach((name, at) -> lines.add(name + " 0x" + Long.toHexString(at) + " - T -\n"));
      lines.forEach(text::append);
      SymbolMap map = map(text.toString());
      symbols.forEach(
          (name, at) -> {
            KernelSymbol found = map.find(name);
            assertThat(found).isEqualTo(new KernelSymbol(name, at, null, false, "", "", 0));
          });
      for (int i = 0; i < 200; i++) {
        String name = name(random);
        assertThat(map.find(name) != null).as(name).isEqualTo(symbols.containsKey(name));
      }
      assertThat(map.all()).hasSize(symbols.size());
    }
  }

  /** Short, of few letters, so that many begin alike or are beginnings of others. */
  private static String name(Random random) {
    StringBuilder name = new StringBuilder();
    int length = 1 + random.nextInt(5);
    for (int i = 0; i < length; i++) {
      name.append("_ab0Z".charAt(random.nextInt(5)));
    }
    return name.toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "linkout-symbols 1 ", "a 0x1 - T -\n", "linkout-symbols 2 abcd x\n"})
  void whatIsNoMapIsRefused(String text) {
    assertThatThrownBy(() -> map(text))
        .isInstanceOf(KernelException.class)
        .hasMessageContaining("is no symbol map of a kernel");
  }

  @ParameterizedTest
  @ValueSource(strings = {"abcd boot-2 6.1.0", "abce boot-1 6.1.0"})
  void anotherKernelsMapIsRefused(String ids) {
    assertThatThrownBy(() -> map("linkout-symbols 1 " + ids + "\n"))
        .isInstanceOf(KernelException.class)
        .hasMessageContaining("symbol map of another kernel");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a", "a 12 - T -", "a 0xz - T -", "a 0x1 - T", "a 0x1 9 T -", "a 0x - T -"})
  void aBadLineIsNamed(String line) throws IOException {
    SymbolMap map = map(HEADER + line + "\n");
    assertThatThrownBy(() -> map.find("a"))
        .isInstanceOf(KernelException.class)
        .hasMessageContaining("not NAME ADDRESS CRC CLASS NAMESPACE: a");
  }

  @Test
  void bytesThatAreNoTextDoNoHarm() throws IOException {
    byte[] bytes = new byte[4096];
    new Random(7).nextBytes(bytes);
    byte[] header = HEADER.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(header, 0, bytes, 0, header.length);
    Path path = directory.resolve("noise");
    Files.write(path, bytes);
    SymbolMap map = SymbolMap.read(path, "abcd", "boot-1");
    for (String name : List.of("a", "_printk", "zzz")) {
      try {
        map.find(name);
      } catch (KernelException e) {
        assertThat(e).hasMessageContaining("NAME ADDRESS");
      }
    }
  }
}
