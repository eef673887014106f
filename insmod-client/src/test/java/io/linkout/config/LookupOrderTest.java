package io.linkout.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a name stands for and what is loaded for it, over lists written by hand. */
class LookupOrderTest {
  @TempDir Path tree;
  private String config = "";

  @BeforeEach
  void lists() throws IOException {
    write(
        "modules.dep",
        """
        kernel/base-one.ko:
        kernel/mid.ko.xz: kernel/base-one.ko
        kernel/top.ko: kernel/mid.ko.xz kernel/base-one.ko
        kernel/wish.ko: kernel/base-one.ko
        kernel/topper.ko:
        """);
    write("modules.alias", "# x\nalias net-pf-* top\nalias net-pf-1 mid\nalias wi[a-f]d wish\n");
    write("modules.symbols", "alias symbol:mid_value mid\n");
    write("modules.builtin", "kernel/built-in.ko\n");
    Files.writeString(
        tree.resolve("modules.builtin.modinfo"), "built_in.license=GPL\0built_in.alias=bi-*\0");
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(tree.resolve(name), text);
  }

  private ModuleLookup lookup() throws IOException {
    Path file = Files.writeString(tree.resolve("test.conf"), config);
    return new ModuleLookup(
        new ModuleIndexes(tree), ConfigFiles.read(List.of(file.toString()), tree, tree, null));
  }

  private List<String> found(String name) throws IOException {
    return names(lookup().find(name));
  }

  private static List<String> names(List<Candidate> modules) {
    List<String> names = new ArrayList<>();
    for (Candidate module : modules) {
      names.add(module.name());
    }
    return names;
  }

  private List<String> order(String name) throws IOException {
    ModuleLookup lookup = lookup();
    return names(lookup.loadOrder(lookup.find(name).getFirst(), false));
  }

  @Test
  void namesAliasesSymbolsAndBuiltinsAreFound() throws IOException {
    assertThat(found("top")).containsExactly("top");
    assertThat(found("base-one")).containsExactly("base_one");
    assertThat(found("mid")).containsExactly("mid");
    assertThat(found("to")).isEmpty();
    assertThat(found("top.ko")).isEmpty();
    assertThat(found("built-in.ko")).isEmpty();
    assertThat(found("net-pf-1")).containsExactly("top", "mid");
    assertThat(found("net_pf_2")).containsExactly("top");
    assertThat(found("wibd")).containsExactly("wish");
    assertThat(found("wizd")).isEmpty();
    assertThat(found("symbol:mid_value")).containsExactly("mid");
    assertThat(found("built-in")).containsExactly("built_in");
    assertThat(found("bi-x")).containsExactly("built_in");
    assertThat(found("a]b")).isEmpty();
  }

  @Test
  void whatIsConfiguredComesFirst() throws IOException {
    config = "alias to? wish\ninstall by-command true\n";
    assertThat(found("top")).containsExactly("wish");
    assertThat(found("by_command")).containsExactly("by_command");
  }

  @Test
  void dependenciesAreLoadedBeforeWhatNeedsThem() throws IOException {
    assertThat(order("top")).containsExactly("base_one", "mid", "top");
    assertThat(lookup().path(lookup().find("top").getFirst())).isNotNull();
  }

  @Test
  void softWishesGoAroundTheModule() throws IOException {
    config = "softdep mid pre: wish post: topper nosuch\n";
    assertThat(order("mid")).containsExactly("base_one", "base_one", "wish", "mid", "topper");
    ModuleLookup lookup = lookup();
    List<Candidate> order = lookup.loadOrder(lookup.find("mid").getFirst(), false);
    assertThat(order.get(2).required()).isFalse();
    assertThat(order.get(3).required()).isTrue();
    assertThat(order.getFirst().required()).isTrue();
  }

  @Test
  void softWishesThatMeetThemselvesEnd() throws IOException {
    config = "softdep top pre: topper\nsoftdep topper pre: top\n";
    assertThat(order("top")).containsExactly("base_one", "mid", "topper", "top");
  }

  @Test
  void optionsOfNameAndAliasAreJoined() throws IOException {
    config = "alias nick mid\noptions mid a=1\noptions nick b=2\noptions top c=3\n";
    ModuleLookup lookup = lookup();
    assertThat(lookup.options(lookup.find("mid").getFirst())).isEqualTo("a=1");
    assertThat(lookup.options(lookup.find("nick").getFirst())).isEqualTo("a=1 b=2");
    assertThat(lookup.options(lookup.find("wish").getFirst())).isNull();
  }
}
