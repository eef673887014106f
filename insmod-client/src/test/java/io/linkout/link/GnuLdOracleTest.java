package io.linkout.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes out of relocation is what GNU ld makes of the same file and addresses. */
final class GnuLdOracleTest {
  private static final LinkOptions NO_FIXUPS = new LinkOptions(false, false, false, List.of());

  @TempDir Path directory;

  @BeforeAll
  static void tools() {
    boolean there = GnuLd.available();
    if (!there) {
      System.err.println("SKIPPED: objcopy and ld (binutils) are not installed");
    }
    assumeTrue(there, "objcopy and ld are needed");
  }

  @Test
  void debianModules() throws IOException, InterruptedException {
    Linker linker = TestModule.linker(new HeadersKernel(KernelHeaders.read(Debian.headers())));
    List<Path> modules = Debian.modules();
    int step = Math.max(1, modules.size() / Integer.getInteger("linkout.oracle.modules", 20));
    List<String> differences = new ArrayList<>();
    int compared = 0;
    for (int i = 0; i < modules.size(); i += step) {
      Path path = modules.get(i);
      try (ModuleFile file = ModuleFile.open(path);
          LinkedModule linked = linker.prepare(file, NO_FIXUPS)) {
        for (String difference : GnuLd.differences(linked, path, directory)) {
          differences.add(path.getFileName() + " " + difference);
        }
        compared++;
      }
    }
    assertThat(differences).isEmpty();
    assertThat(compared).isGreaterThanOrEqualTo(Math.min(20, modules.size()));
  }

  @Test
  void aWrongBitIsNoticed() throws IOException, InterruptedException {
    Linker linker = TestModule.linker(new HeadersKernel(KernelHeaders.read(Debian.headers())));
    Path path = Debian.module("crc7");
    try (ModuleFile file = ModuleFile.open(path);
        LinkedModule linked = linker.prepare(file, NO_FIXUPS)) {
      int text = linked.plan().elf().sections().find(".text");
      long place = linked.plan().sectionAddress(text) + 1;
      linked.image().writable(place, 1);
      int segment = linked.image().find(place, 1);
      int at = linked.image().offset(segment, place);
      linked.image().bytes(segment).put(at, (byte) (linked.image().bytes(segment).get(at) ^ 1));
      assertThat(GnuLd.differences(linked, path, directory))
          .containsExactly(".text: differs at 0x1");
    }
  }
}
