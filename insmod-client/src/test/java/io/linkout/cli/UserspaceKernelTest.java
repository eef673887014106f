package io.linkout.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.linkout.config.ModuleTree;
import io.linkout.link.Activated;
import io.linkout.link.FailureCause;
import io.linkout.link.KernelException;
import io.linkout.link.KernelSymbol;
import io.linkout.link.LinkException;
import io.linkout.link.LinkOptions;
import io.linkout.link.Linker;
import io.linkout.link.ModuleFile;
import io.linkout.link.TestModule;
import io.linkout.proto.wire.Module;
import io.linkout.proto.wire.PlacedSegment;
import io.linkout.proto.wire.Request;
import io.linkout.proto.wire.SegmentKind;
import io.linkout.rpc.FakeKernel;
import io.linkout.rpc.KernelConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How modules are loaded into a kernel that keeps no symbols, and what is asked of it. */
class UserspaceKernelTest {
  private static final LinkOptions FORCED = new LinkOptions(true, true, true, List.of());

  @TempDir Path directory;
  private final UserspaceScript script = new UserspaceScript();
  private FakeKernel fake;
  private KernelConnection connection;
  private FileSymbols symbols;
  private Linker linker;

  @BeforeEach
  void connect() throws IOException {
    fake = new FakeKernel(UserspaceScript.welcome(directory), script);
    connection = KernelConnection.open(fake.socket());
    ModuleTree tree =
        ModuleTree.of(
            null, Map.of("LINKOUT_MODULES", directory.toString()), connection.identity().release());
    symbols = new FileSymbols(connection, new ModuleFiles(tree));
    linker = TestModule.linker(symbols.kernel());
  }

  @AfterEach
  void disconnect() throws IOException {
    connection.close();
    fake.close();
  }

  /** Writes a module that exports {@code export}, unless that is empty. */
  private Path module(String name, String export, String... imports) {
    TestModule module = new TestModule().thisModule(0, 0).info("name", name);
    for (String symbol : imports) {
      module.imports(symbol);
    }
    if (!export.isEmpty()) {
      module.exports(export, 7);
    }
    try {
      return Files.write(directory.resolve(name + ".ko"), module.bytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Activated load(Path path, LinkOptions options) {
    try (ModuleFile file = ModuleFile.open(path)) {
      return linker.load(file, options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Activated load(Path path) {
    return load(path, LinkOptions.DEFAULT);
  }

  /** Another client loads the module at {@code path}, which has one export. */
  private void appears(Path path) {
    try (ModuleFile file = ModuleFile.open(path)) {
      script.add(
          Module.newBuilder()
              .setName(file.name())
              .setPath(path.toString())
              .setBuildId(ByteString.copyFrom(HexFormat.of().parseHex(file.buildId())))
              .setExportCount(1)
              .addSegments(segment(SegmentKind.RODATA, 0xffffffffb0000000L))
              .addSegments(segment(SegmentKind.DATA, 0xffffffffb0001000L)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PlacedSegment segment(SegmentKind kind, long address) {
    return PlacedSegment.newBuilder().setKind(kind).setAddress(address).setSize(4096).build();
  }

  private List<Request.KindCase> asked() {
    return fake.requests().stream()
        .map(Request::getKindCase)
        .filter(kind -> kind != Request.KindCase.WRITE)
        .toList();
  }

  private long loadsIn(Path path) {
    long before = connection.traffic().roundTrips();
    load(path);
    return connection.traffic().roundTrips() - before;
  }

  @Test
  void aLoadTakesTwoRoundTripsWithExportsOrWithout() {
    assertThat(loadsIn(module("plain", "", "_printk"))).isEqualTo(2);
    assertThat(loadsIn(module("exporter", "f", "_printk"))).isEqualTo(2);
    assertThat(loadsIn(module("another", "g"))).as("with a module listed").isEqualTo(2);
    assertThat(asked())
        .containsExactly(
            Request.KindCase.ALLOCATE,
            Request.KindCase.ACTIVATE,
            Request.KindCase.ALLOCATE,
            Request.KindCase.LIST_MODULES,
            Request.KindCase.ACTIVATE,
            Request.KindCase.ALLOCATE,
            Request.KindCase.LIST_MODULES,
            Request.KindCase.ACTIVATE);
  }

  @Test
  void aListingGoesBehindTheActivationOfTheModuleBefore() throws IOException {
    Path first = module("first", "f");
    Path second = module("second", "g", "f");
    try (ModuleFile one = ModuleFile.open(first);
        ModuleFile two = ModuleFile.open(second)) {
      long before = connection.traffic().roundTrips();
      linker.load(one, LinkOptions.DEFAULT, () -> linker.begin(two, LinkOptions.DEFAULT));
      Files.delete(first);
      linker.load(two, LinkOptions.DEFAULT);
      // Space and list of the first; it, and the second's; Pin; it.
      assertThat(connection.traffic().roundTrips() - before).isEqualTo(4);
    }
    List<Request> lists = fake.requests().stream().filter(Request::hasListModules).toList();
    assertThat(lists).hasSize(2);
    assertThat(fake.requests().getLast().getActivate().getComparedUpTo()).isEqualTo(1);
  }

  @Test
  void whatThisConnectionLoadedNeedsNoFile() throws IOException {
    Path first = module("first", "f");
    load(first);
    Files.delete(first);
    load(module("second", "", "f"));
    assertThat(fake.requests().getLast().getActivate().getDependenciesList()).containsExactly(1L);
  }

  @Test
  void onlyWhatCameIsListedTheNextTime() {
    appears(module("a", "f"));
    load(module("b", "", "f"));
    appears(module("c", "g"));
    load(module("d", "", "g", "f"));
    assertThat(
            fake.requests().stream()
                .filter(Request::hasListModules)
                .map(request -> request.getListModules().getAfter()))
        .containsExactly(0L, 1L);
    assertThat(fake.requests().getLast().getActivate().getDependenciesList())
        .containsExactlyInAnyOrder(3L, 1L);
  }

  @Test
  void anOwnerThatWentIsLookedForOnceMore() {
    Path a = module("a", "f");
    appears(a);
    script.beforePin(
        () -> {
          script.remove("a");
          appears(a);
        });
    load(module("b", "", "f"));
    assertThat(fake.requests().getLast().getActivate().getDependenciesList()).containsExactly(2L);
    assertThat(asked())
        .containsSubsequence(
            Request.KindCase.PIN,
            Request.KindCase.LIST_MODULES,
            Request.KindCase.PIN,
            Request.KindCase.ACTIVATE);
  }

  @Test
  void anExporterThatCameMeanwhileIsLookedAtAndActivationAskedAgain() {
    script.beforeActivate(() -> appears(module("other", "g")));
    script.beforeActivate(() -> appears(module("third", "h")));
    load(module("mine", "f"));
    assertThat(asked())
        .containsExactly(
            Request.KindCase.ALLOCATE,
            Request.KindCase.LIST_MODULES,
            Request.KindCase.ACTIVATE,
            Request.KindCase.LIST_MODULES,
            Request.KindCase.ACTIVATE,
            Request.KindCase.LIST_MODULES,
            Request.KindCase.ACTIVATE);
  }

  @Test
  void theSameExportThatCameMeanwhileIsTold() {
    script.beforeActivate(() -> appears(module("other", "f")));
    assertThatThrownBy(() -> load(module("mine", "f")))
        .isInstanceOfSatisfying(
            KernelException.class,
            e -> {
              assertThat(e.errno()).isEqualTo(8);
              assertThat(e.reason()).isEqualTo("mine: exports duplicate symbol f (owned by other)");
            });
    assertThat(asked()).contains(Request.KindCase.FREE, Request.KindCase.REPORT_FAILURE);
  }

  @Test
  void aStaleActivationBeginsTheNextModuleOnce() throws IOException {
    Path first = module("first", "f");
    Path second = module("second", "g", "f");
    script.beforeActivate(() -> appears(module("other", "h")));
    int[] begun = {0};
    try (ModuleFile one = ModuleFile.open(first);
        ModuleFile two = ModuleFile.open(second)) {
      linker.load(
          one,
          LinkOptions.DEFAULT,
          () -> {
            begun[0]++;
            linker.begin(two, LinkOptions.DEFAULT);
          });
      assertThat(linker.load(two, LinkOptions.DEFAULT).loadId()).isEqualTo(3);
    }
    assertThat(begun[0]).isEqualTo(1);
    assertThat(fake.requests().getLast().getActivate().getDependenciesList()).containsExactly(2L);
    assertThat(asked().stream().filter(kind -> kind == Request.KindCase.ALLOCATE)).hasSize(2);
  }

  @Test
  void anExportOfTheKernelsOwnIsTold() {
    assertThatThrownBy(() -> load(module("mine", "_printk")))
        .hasMessage("mine: exports duplicate symbol _printk (owned by kernel)");
  }

  @Test
  void aMissingFileOfAModuleWithoutExportsMattersToNobody() throws IOException {
    script.add(Module.newBuilder().setName("gone").setBuildId(ByteString.copyFromUtf8("x")));
    load(module("mine", "f"));
    assertThatThrownBy(() -> load(module("needs", "", "nowhere")))
        .isInstanceOfSatisfying(
            LinkException.class,
            e -> assertThat(e.causes()).containsExactly("unknown symbol nowhere"));
  }

  @Test
  void aMissingFileOfAnExporterKeepsOtherExportersOutUnlessForced() throws IOException {
    Path gone = module("gone", "f");
    appears(gone);
    Files.delete(gone);
    Path mine = module("mine", "g");
    assertThatThrownBy(() -> load(mine))
        .isInstanceOfSatisfying(
            KernelException.class,
            e -> {
              assertThat(e.errno()).isEqualTo(8);
              assertThat(e.reason())
                  .isEqualTo(
                      "mine: cannot tell whether it exports a symbol that module gone exports too,"
                          + " as the file is missing");
              assertThat(e.detail().lines())
                  .satisfiesExactly(
                      line ->
                          assertThat(line)
                              .startsWith("module gone is loaded with build id ")
                              .endsWith("no such file is there: it was loaded from " + gone),
                      line -> assertThat(line).startsWith("--search DIR names a directory"),
                      line -> assertThat(line).startsWith("--force"));
            });
    load(mine, FORCED);
    load(module("plain", "", "_printk"));
  }

  @Test
  void aSymbolThatMayBeThatOfAMissingFileIsReportedAsUnknown() throws IOException {
    Path gone = module("gone", "f");
    appears(gone);
    Files.delete(gone);
    assertThatThrownBy(() -> load(module("needs", "", "f")))
        .isInstanceOfSatisfying(
            LinkException.class,
            e -> {
              assertThat(e.causes())
                  .hasSize(3)
                  .first()
                  .isEqualTo("unknown symbol f: it may be that of module gone");
              assertThat(e.failures())
                  .containsExactly(new FailureCause(FailureCause.Kind.UNKNOWN_SYMBOL, "f", 2, ""));
            });
    assertThat(asked()).contains(Request.KindCase.REPORT_FAILURE);
  }

  @Test
  void allAreInByteOrder() {
    appears(module("one", "f"));
    // Java's own order of strings has the last two the other way round.
    assertThat(symbols.all())
        .extracting(KernelSymbol::name)
        .containsExactly("_printk", "f", "\uff5e", "\ud83d\ude00");
  }
}
