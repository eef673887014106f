package io.linkout.modinfo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a module says of itself is read as it stands. */
final class ModInfoTest {
  private static ModInfo parse(String text) {
    return ModInfo.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void keysAndValuesInOrder() {
    ModInfo info = parse("license=GPL\0author=A=B\0\0\0author=C\0");
    assertThat(info.entries())
        .extracting(e -> e.key() + ":" + e.value())
        .containsExactly("license:GPL", "author:A=B", "author:C");
    assertThat(info.all("author")).containsExactly("A=B", "C");
    assertThat(info.get("none")).isNull();
  }

  @Test
  void aStringWithoutEqualsIsAKey() {
    assertThat(parse("intree\0x=\0").entries())
        .extracting(ModInfo.Entry::key)
        .containsExactly("intree", "x");
  }

  @Test
  void valuesKeepTheirBytes() {
    assertThat(parse("author=Jürgen\0").entries().getFirst().value()).isEqualTo("Jürgen");
    ModInfo latin = ModInfo.parse("author=J\374rgen\0".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(latin.entries().getFirst().raw()).isEqualTo("J\374rgen");
    assertThat(latin.get("author")).isEqualTo("Jürgen");
  }

  @Test
  void dependsIsAListOfNames() {
    assertThat(parse("depends=drm-kms,i2c-algo-bit,,x\0").depends())
        .containsExactly("drm_kms", "i2c_algo_bit", "x");
    assertThat(parse("depends=\0").depends()).isEmpty();
  }

  @Test
  void parametersJoinTypeAndDescription() {
    assertThat(parse("parm=a:what: it is\0parmtype=b:int\0parmtype=a:charp\0").parameters())
        .containsExactly(
            new ModInfo.Parameter("a", "charp", "what: it is"),
            new ModInfo.Parameter("b", "int", null));
  }

  @ParameterizedTest
  @CsvSource({
    "GPL,true",
    "GPL v2,true",
    "GPL and additional rights,true",
    "Dual BSD/GPL,true",
    "Dual MIT/GPL,true",
    "Dual MPL/GPL,true",
    "Proprietary,false",
    "gpl,false",
    "GPLv2,false",
    "BSD,false",
    "GPL v3,false"
  })
  void onlyTheTextsOfLinuxAreGplCompatible(String licence, boolean compatible) {
    assertThat(parse("license=" + licence + "\0").gplCompatible()).isEqualTo(compatible);
  }

  @Test
  void noLicenceIsNotCompatible() {
    assertThat(parse("x=y\0").gplCompatible()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "/lib/snd-hda-intel.ko,snd_hda_intel",
    "a.b.ko.xz,a.b",
    "x.ko.zst,x",
    "dir/x.ko.gz,x",
    "x,x"
  })
  void namesComeFromPaths(String path, String name) {
    assertThat(ModuleName.ofPath(path)).isEqualTo(name);
  }
}
