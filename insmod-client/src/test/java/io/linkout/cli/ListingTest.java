package io.linkout.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.linkout.proto.wire.Error;
import io.linkout.proto.wire.ErrorCode;
import io.linkout.proto.wire.Leak;
import io.linkout.proto.wire.Module;
import io.linkout.proto.wire.ModuleList;
import io.linkout.proto.wire.ModuleState;
import io.linkout.proto.wire.PlacedSegment;
import io.linkout.proto.wire.Removed;
import io.linkout.proto.wire.Reply;
import io.linkout.proto.wire.Request;
import io.linkout.proto.wire.SegmentKind;
import io.linkout.rpc.FakeKernel;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** lsmod and rmmod: kmod's columns and words. */
class ListingTest {
  private static final ModuleList MODULES =
      ModuleList.newBuilder()
          .addModules(
              Module.newBuilder()
                  .setName("half")
                  .setState(ModuleState.STATE_UNFORMED)
                  .setPid(42)
                  .setCoreBytes(4096))
          .addModules(
              Module.newBuilder()
                  .setName("importer")
                  .setState(ModuleState.STATE_LIVE)
                  .setCoreBytes(16384)
                  .addDependencies("a_very_long_module_name")
                  .setTaints("O")
                  .setBuildId(ByteString.copyFrom(new byte[] {1, (byte) 0xfe}))
                  .setPath("/lib/\"importer\".ko")
                  .addSegments(
                      PlacedSegment.newBuilder()
                          .setKind(SegmentKind.TEXT)
                          .setAddress(0xffffffffa0000000L)
                          .setSize(4096)))
          .addModules(
              Module.newBuilder()
                  .setName("a_very_long_module_name")
                  .setState(ModuleState.STATE_LIVE)
                  .setCoreBytes(123456789)
                  .setReferences(2)
                  .addHolders("importer")
                  .addHolders("other"))
          .addModules(
              Module.newBuilder()
                  .setName("stuck")
                  .setState(ModuleState.STATE_LIVE)
                  .setPermanent(true)
                  .setReferences(1)
                  .setCoreBytes(8192))
          .build();

  private static List<Reply> answer(Request request) {
    Reply.Builder reply = Reply.newBuilder();
    if (request.hasListModules()) {
      reply.setModules(MODULES);
    } else if (request.getRemove().getName().equals("stuck")) {
      reply.setError(
          Error.newBuilder()
              .setCode(ErrorCode.ERROR_BUSY)
              .setErrno(16)
              .setMessage("module stuck is permanent"));
    } else {
      reply.setRemoved(
          Removed.newBuilder()
              .addLeaks(
                  Leak.newBuilder()
                      .setWhat("kmalloc-64")
                      .setSize(64)
                      .setAddress(0xffff888000001000L)));
    }
    return List.of(reply.build());
  }

  private static Ran run(String... words) throws IOException {
    try (FakeKernel kernel = new FakeKernel(ListingTest::answer)) {
      return Ran.with(kernel, words);
    }
  }

  @Test
  void lsmodHasKmodsColumns() throws IOException {
    assertThat(run("lsmod"))
        .isEqualTo(
            new Ran(
                0,
                """
                Module                  Size  Used by
                importer               16384  0
                a_very_long_module_name 123456789  2 importer,other
                stuck                   8192  1 [permanent]
                """,
                ""));
  }

  @Test
  void whatIsBeingLoadedIsShownOnRequest() throws IOException {
    assertThat(run("lsmod", "-v").out().lines())
        .contains("half                    4096  0 (Loading, pid 42)");
  }

  @Test
  void lsmodAsJson() throws IOException {
    assertThat(run("lsmod", "--json").out())
        .startsWith(
            """
            [
              {
                "name": "importer",
                "size": 16384,
                "references": 0,
                "holders": [],
                "permanent": false,
                "state": "Live",
                "dependencies": ["a_very_long_module_name"],
                "taints": "O",
                "build_id": "01fe",
                "path": "/lib/\\"importer\\".ko",
                "segments": [
                  {
                    "kind": "text",
                    "address": "0xffffffffa0000000",
                    "size": 4096
                  }
                ]
              },
            """)
        .endsWith("\n]\n");
  }

  @Test
  void rmmodSaysWhoUsesAModule() throws IOException {
    assertThat(run("rmmod", "a-very-long_module-name"))
        .isEqualTo(
            new Ran(
                1,
                "",
                "rmmod: ERROR: Module a_very_long_module_name is in use by: importer other\n"));
    assertThat(run("rmmod", "stuck"))
        .isEqualTo(new Ran(1, "", "rmmod: ERROR: Module stuck is in use\n"));
    assertThat(run("rmmod", "half", "none"))
        .isEqualTo(
            new Ran(
                1,
                "",
                """
                rmmod: ERROR: Module half is not currently loaded
                rmmod: ERROR: Module none is not currently loaded
                """));
  }

  @Test
  void rmmodGoesOnAfterARefusalAndTellsOfLeaks() throws IOException {
    assertThat(run("rmmod", "-fv", "stuck", "importer"))
        .isEqualTo(
            new Ran(
                1,
                "rmmod stuck\nrmmod importer\n",
                """
                rmmod: ERROR: could not remove module stuck: Device or resource busy
                  module stuck is permanent
                rmmod: WARNING: importer left behind: kmalloc-64, 64 bytes at 0xffff888000001000, reclaimed
                """));
  }
}
