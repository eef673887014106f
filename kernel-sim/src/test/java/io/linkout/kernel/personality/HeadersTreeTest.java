package io.linkout.kernel.personality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a directory of headers says, and what is said of one that is none. */
class HeadersTreeTest {
  @TempDir Path directory = Path.of("none");
  private final List<String> notices = new ArrayList<>();

  @BeforeEach
  void writeTree() throws IOException {
    write(
        "Module.symvers",
        """
        0x4c9d28b0\tphys_base\tvmlinux\tEXPORT_SYMBOL\t
        0x039823de\tinit_uts_ns\tvmlinux\tEXPORT_SYMBOL_GPL\t
        0xdeadbeef\tpfn_to_online_page\tvmlinux\tEXPORT_SYMBOL_GPL\tSPACE
        0x00000001\tcrc7_be\tlib/crc7\tEXPORT_SYMBOL\t
        """);
    write("include/generated/utsrelease.h", "#define UTS_RELEASE \"6.9.1-test\"\n");
    write(
        "include/generated/autoconf.h",
        """
        #define CONFIG_X86_64 1
        #define CONFIG_SMP 1
        #define CONFIG_PREEMPT_BUILD 1
        #define CONFIG_MODULE_UNLOAD 1
        #define CONFIG_MODVERSIONS 1
        #define CONFIG_HZ 1000
        """);
  }

  private void write(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private Personality read() throws PersonalityException {
    return new HeadersTree(directory, new LayoutCache(Optional.empty())).personality(notices::add);
  }

  @Test
  void takesTheKernelsOwnRows() throws PersonalityException {
    assertThat(read().exports())
        .containsExactly(
            new SymbolVersion("init_uts_ns", 0x039823de, true, ""),
            new SymbolVersion("pfn_to_online_page", 0xdeadbeef, true, "SPACE"),
            new SymbolVersion("phys_base", 0x4c9d28b0, false, ""));
  }

  @Test
  void refusesTwoRowsOfOneName() throws IOException {
    write(
        "Module.symvers",
        """
        0x00000001\tprintk\tvmlinux\tEXPORT_SYMBOL\t
        0x00000002\tkfree\tvmlinux\tEXPORT_SYMBOL\t
        0x00000003\tprintk\tvmlinux\tEXPORT_SYMBOL\t
        """);
    assertThatThrownBy(this::read)
        .isInstanceOf(PersonalityException.class)
        .hasMessageEndingWith("Module.symvers: vmlinux has printk in two rows");
  }

  @Test
  void rowsWithoutNamespaceAreThoseOfOlderKernels() throws Exception {
    write("Module.symvers", "0x00000000\tprintk\tvmlinux\tEXPORT_SYMBOL\n");
    assertThat(read().exports()).containsExactly(new SymbolVersion("printk", 0, false, ""));
  }

  @Test
  void vermagicFollowsTheConfiguration() throws Exception {
    assertThat(read().vermagic()).isEqualTo("6.9.1-test SMP preempt mod_unload modversions ");
    assertThat(read().hz()).isEqualTo(1000);
    assertThat(read().modversions()).isTrue();
    write(
        "include/generated/autoconf.h",
        "#define CONFIG_X86_64 1\n#define CONFIG_PREEMPT_RT 1\n#define CONFIG_RANDSTRUCT 1\n");
    write("include/generated/randstruct_hash.h", "#define RANDSTRUCT_HASHED_SEED \"abc\"\n");
    assertThat(read().vermagic()).isEqualTo("6.9.1-test preempt_rt RANDSTRUCT_abc");
    assertThat(read().modversions()).isFalse();
  }

  @Test
  void theReleaseMayComeFromTheConfiguration() throws Exception {
    Files.delete(directory.resolve("include/generated/utsrelease.h"));
    write("include/config/kernel.release", "6.9.2\n");
    assertThat(read().release()).isEqualTo("6.9.2");
  }

  @Test
  void headersThatCannotBeAskedGiveTheShippedLayoutAndANotice() throws Exception {
    assertThat(read().layout()).isEqualTo(ShippedLayout.load());
    assertThat(notices).singleElement().asString().contains("6.9.1-test").doesNotContain("\n");
  }

  @Test
  void whatIsNoHeadersDirectoryIsSaidInOneLine() throws Exception {
    refused("Module.symvers", "0x1 printk vmlinux\n", "line 1 is no row");
    refused("Module.symvers", "0xzz\tp\tvmlinux\tEXPORT_SYMBOL\t\n", "line 1 is no row");
    refused("Module.symvers", "0x1\tp\tvmlinux\tEXPORT_ODD\t\n", "line 1 is no row");
    refused("Module.symvers", "0x1\tp\tdrivers/x\tEXPORT_SYMBOL\t\n", "no row of vmlinux");
    refused("include/generated/autoconf.h", "#define CONFIG_ARM64 1\n", "another architecture");
    Files.delete(directory.resolve("Module.symvers"));
    assertThatThrownBy(this::read).hasMessage(directory + ": has no Module.symvers");
    assertThatThrownBy(() -> Personality.fromHeaders(directory.resolve("nowhere"), notices::add))
        .isInstanceOf(PersonalityException.class)
        .hasMessageContaining("no such directory");
  }

  private void refused(String name, String content, String message) throws IOException {
    String good = Files.readString(directory.resolve(name));
    write(name, content);
    assertThatThrownBy(this::read)
        .isInstanceOf(PersonalityException.class)
        .hasMessageContaining(message)
        .hasMessageNotContainingAny("\n");
    write(name, good);
  }
}
