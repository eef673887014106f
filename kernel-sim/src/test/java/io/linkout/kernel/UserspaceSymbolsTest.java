package io.linkout.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.linkout.kernel.api.LocalSymbol;
import io.linkout.kernel.session.Deadlines;
import io.linkout.kernel.testing.FakeGuest;
import io.linkout.kernel.testing.RawClient;
import io.linkout.proto.handshake.Welcome;
import io.linkout.proto.wire.Activate;
import io.linkout.proto.wire.Allocate;
import io.linkout.proto.wire.Allocated;
import io.linkout.proto.wire.ErrorCode;
import io.linkout.proto.wire.Export;
import io.linkout.proto.wire.ListExports;
import io.linkout.proto.wire.ListModules;
import io.linkout.proto.wire.ModuleList;
import io.linkout.proto.wire.Pin;
import io.linkout.proto.wire.Remove;
import io.linkout.proto.wire.Reply;
import io.linkout.proto.wire.Request;
import io.linkout.proto.wire.Resolve;
import io.linkout.proto.wire.SegmentKind;
import io.linkout.proto.wire.SegmentSpec;
import io.linkout.proto.wire.StatsReply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A kernel that keeps no symbols: what it writes down, what it refuses, what it counts. */
@Timeout(30)
class UserspaceSymbolsTest {
  private final SymbolMapFile map = told();
  private final TestDaemon daemon =
      new TestDaemon(Deadlines.Allowance.DEFAULT, TestDaemon.LIMITS, map);

  private static SymbolMapFile told() {
    SymbolMapFile map = new SymbolMapFile();
    map.keepLocal(
        List.of(
            new LocalSymbol("zz_local", 0xffffffff81000040L),
            new LocalSymbol("hidden", 0xffffffff81000030L)));
    return map;
  }

  @AfterEach
  void stop() {
    daemon.close();
  }

  private Path file() {
    return daemon.socket.resolveSibling("k.sock.symbols");
  }

  @Test
  void theMapHasEverySymbolInOrder() throws IOException {
    assertThat(Files.readAllLines(file()))
        .satisfies(
            lines -> assertThat(lines.getFirst()).matches("linkout-symbols 1 \\S+ \\S+ \\S+"))
        .endsWith(
            "gpl_thing 0xffffffff81000020 - G -",
            "hidden 0xffffffff81000030 - t -",
            "kfree 0xffffffff81000010 0x11111111 T -",
            "printk 0xffffffff81000000 0x22222222 T -",
            "zz_local 0xffffffff81000040 - t -")
        .hasSize(FakeGuest.EXPORTS.size() + 3);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .startsWith("rw-")
        .doesNotContain("x");
    try (var files = Files.list(daemon.socket.resolveSibling("."))) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .filteredOn(name -> name.contains(".symbols"))
          .containsExactly("k.sock.symbols");
    }
  }

  @Test
  void theMapGoesWithTheKernel() throws InterruptedException {
    daemon.stop();
    daemon.awaitEnd();
    assertThat(file()).doesNotExist();
  }

  /** A directory stands where it should be. */
  @Test
  void aMapThatCannotBeWrittenLeavesNothing(@TempDir Path directory) throws IOException {
    Path socket = directory.resolve("k.sock");
    Files.createDirectories(directory.resolve("k.sock.symbols/full"));
    SymbolMapFile unwritten = told();
    unwritten.keep(FakeGuest.EXPORTS);
    assertThatThrownBy(() -> unwritten.write(socket, TestDaemon.identity(""), 0600))
        .isInstanceOf(IOException.class);
    try (var files = Files.list(directory)) {
      assertThat(files.map(f -> f.getFileName().toString())).containsExactly("k.sock.symbols");
    }
  }

  @Test
  void theGreetingTellsWhereItIs() throws IOException {
    try (RawClient client = RawClient.connect(daemon.socket)) {
      Welcome welcome = client.send(RawClient.hello()).welcome();
      assertThat(welcome.getSymbolsInUserspace()).isTrue();
      assertThat(welcome.getSymbolMapPath()).isEqualTo(file().toString());
    }
  }

  @Test
  void nothingIsKept() throws IOException {
    StatsReply stats = daemon.settled();
    assertThat(stats.getExports()).isZero();
    assertThat(stats.getExportTableBytes()).isZero();
    assertThat(stats.getSymbolsMode()).isEqualTo("userspace");
  }

  @Test
  void symbolsAreNotToBeHadHere() throws IOException {
    try (RawClient client = daemon.open()) {
      refused(
          client.ask(
              Request.newBuilder().setResolve(Resolve.newBuilder().addNames("printk")).build()));
    }
    try (RawClient client = daemon.open()) {
      refused(
          client.ask(
              Request.newBuilder().setListExports(ListExports.getDefaultInstance()).build()));
    }
  }

  private static void refused(Reply reply) {
    assertThat(reply.getError().getErrnoName()).isEqualTo("EOPNOTSUPP");
    assertThat(reply.getError().getMessage()).contains("keeps no symbols");
  }

  @Test
  void exportsAreNotTaken() throws IOException {
    List<Long> before = daemon.figures();
    try (RawClient client = daemon.open()) {
      Allocated allocated = allocate(client);
      Export export =
          Export.newBuilder().setName("f").setAddress(allocated.getAddresses(0)).build();
      Reply reply = client.ask(activate("a", allocated).addExports(export).build());
      assertThat(reply.getError().getErrnoName()).isEqualTo("EINVAL");
      assertThat(reply.getError().getMessage()).contains("keeps no symbols and takes no exports");
    }
    assertThat(daemon.figures()).isEqualTo(before);
  }

  @Test
  void aStaleActivationTakesNothingFromTheConnection() throws IOException {
    List<Long> before = daemon.figures();
    try (RawClient first = daemon.open();
        RawClient second = daemon.open()) {
      long needed =
          first.ask(activate("needed", allocate(first)).build()).getActivated().getLoadId();
      assertThat(second.ask(pin("needed", needed)).hasDone()).isTrue();
      Allocated space = allocate(second);
      long other =
          first
              .ask(activate("a", allocate(first)).counted(3, needed).build())
              .getActivated()
              .getLoadId();
      Reply stale =
          second.ask(activate("b", space).addDependencies(needed).counted(1, needed).build());
      assertThat(stale.getError().getCode()).isEqualTo(ErrorCode.ERROR_STALE);
      assertThat(stale.getError().getErrnoName()).isEqualTo("ESTALE");
      assertThat(stale.getError().getClosing()).isFalse();
      ModuleList came =
          second
              .ask(
                  Request.newBuilder()
                      .setListModules(ListModules.newBuilder().setAfter(needed))
                      .build())
              .getModules();
      assertThat(came.getModulesList())
          .singleElement()
          .satisfies(
              module -> {
                assertThat(module.getName()).isEqualTo("a");
                assertThat(module.getExportCount()).isEqualTo(3);
              });
      Reply live =
          second.ask(activate("b", space).addDependencies(needed).counted(1, other).build());
      assertThat(live.hasActivated()).as("%s", live).isTrue();
      for (String name : List.of("b", "a", "needed")) {
        Remove remove = Remove.newBuilder().setName(name).setForce(true).build();
        assertThat(second.ask(Request.newBuilder().setRemove(remove).build()).hasRemoved())
            .as(name)
            .isTrue();
      }
    }
    assertThat(daemon.figures()).isEqualTo(before);
  }

  @Test
  void moreExportsThanTheLimitAreRefused() throws IOException {
    try (RawClient client = daemon.open()) {
      Reply reply = client.ask(activate("a", allocate(client)).counted(-1, 0).build());
      assertThat(reply.getError().getCode()).isEqualTo(ErrorCode.ERROR_LIMIT);
    }
  }

  @Test
  void whatAModuleNeedsIsPinnedByItsLoad() throws IOException {
    try (RawClient client = daemon.open()) {
      long load = client.ask(activate("a", allocate(client)).build()).getActivated().getLoadId();
      Allocated second = allocate(client);
      assertThat(client.ask(pin("a", load + 1)).getError().getErrnoName()).isEqualTo("ENOENT");
      assertThat(client.ask(pin("a", load)).hasDone()).isTrue();
      Reply live = client.ask(activate("b", second).addDependencies(load).build());
      assertThat(live.hasActivated()).as("%s", live).isTrue();
    }
    try (RawClient client = daemon.open()) {
      assertThat(
              client
                  .ask(Request.newBuilder().setRemove(Remove.newBuilder().setName("a")).build())
                  .getError()
                  .getMessage())
          .contains("in use by: b");
    }
  }

  private static Request pin(String module, long load) {
    return Request.newBuilder().setPin(Pin.newBuilder().setModule(module).setLoadId(load)).build();
  }

  private static Allocated allocate(RawClient client) throws IOException {
    return client
        .ask(
            Request.newBuilder()
                .setAllocate(
                    Allocate.newBuilder()
                        .setName("x")
                        .addSegments(segment(SegmentKind.TEXT))
                        .addSegments(segment(SegmentKind.DATA)))
                .build())
        .getAllocated();
  }

  private static SegmentSpec segment(SegmentKind kind) {
    return SegmentSpec.newBuilder().setKind(kind).setSize(4096).setAlignment(4096).build();
  }

  /** An Activate under construction. */
  private record Activating(Activate.Builder message) {
    Activating addExports(Export export) {
      message.addExports(export);
      return this;
    }

    Activating addDependencies(long load) {
      message.addDependencies(load);
      return this;
    }

    Activating counted(int exports, long comparedUpTo) {
      message.setExportCount(exports).setComparedUpTo(comparedUpTo);
      return this;
    }

    Request build() {
      return Request.newBuilder().setActivate(message).build();
    }
  }

  private static Activating activate(String name, Allocated allocated) {
    return new Activating(
        Activate.newBuilder()
            .setHandle(allocated.getHandle())
            .setName(name)
            .setInit(allocated.getAddresses(0))
            .setThisModule(allocated.getAddresses(1))
            .setThisModuleSize(64)
            .setBuildId(ByteString.copyFrom(new byte[] {1, 2})));
  }
}
