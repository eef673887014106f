package io.linkout.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.proto.wire.ExportBatch;
import io.linkout.proto.wire.MemoryMapReply;
import io.linkout.proto.wire.Region;
import io.linkout.proto.wire.Reply;
import io.linkout.proto.wire.Request;
import io.linkout.proto.wire.Resolved;
import io.linkout.proto.wire.Symbol;
import io.linkout.rpc.FakeKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ksym and kmap: symbols and regions, one a line. */
class LookupTest {
  private static Symbol symbol(String name) {
    Symbol.Builder symbol = Symbol.newBuilder().setFound(true).setName(name);
    if (name.equals("_printk")) {
      symbol.setAddress(0xffffffff81000040L).setCrc(0x92997ed8);
    } else {
      symbol
          .setAddress(0xffffffffa0000010L)
          .setGplOnly(true)
          .setOwner("exporter")
          .setNamespace("NS");
    }
    return symbol.build();
  }

  private static List<Reply> answer(Request request) {
    if (request.hasListExports()) {
      ExportBatch first = ExportBatch.newBuilder().addSymbols(symbol("_printk")).build();
      ExportBatch last = ExportBatch.newBuilder().addSymbols(symbol("two")).setLast(true).build();
      return List.of(
          Reply.newBuilder().setExports(first).build(),
          Reply.newBuilder().setExports(last).build());
    }
    if (request.hasMemoryMap()) {
      MemoryMapReply map =
          MemoryMapReply.newBuilder()
              .addRegions(region(0xffff888000000000L, 1 << 20, "rw-", "heap", ""))
              .addRegions(region(0xffffffffa0000000L, 4096, "r-x", "module text", "<m>"))
              .build();
      return List.of(Reply.newBuilder().setMemoryMap(map).build());
    }
    Resolved.Builder resolved = Resolved.newBuilder();
    for (String name : request.getResolve().getNamesList()) {
      resolved.addSymbols(name.equals("none") ? Symbol.getDefaultInstance() : symbol(name));
    }
    return List.of(Reply.newBuilder().setResolved(resolved).build());
  }

  private static Region region(long at, long size, String protection, String what, String owner) {
    return Region.newBuilder()
        .setAddress(at)
        .setSize(size)
        .setProtection(protection)
        .setWhat(what)
        .setOwner(owner)
        .build();
  }

  private static Ran run(String... words) throws IOException {
    try (FakeKernel kernel = new FakeKernel(LookupTest::answer)) {
      return Ran.with(kernel, words);
    }
  }

  @Test
  void ksymInTheOrderAsked() throws IOException {
    assertThat(run("ksym", "two", "none", "_printk"))
        .isEqualTo(
            new Ran(
                1,
                """
                0xffffffffa0000010 G exporter two - NS
                0xffffffff81000040 T [kernel] _printk 0x92997ed8 -
                """,
                "ksym: ERROR: unknown symbol none\n"));
  }

  @Test
  void ksymAllTakesEveryBatch() throws IOException {
    assertThat(run("ksym", "--all").out().lines()).hasSize(2);
    assertThat(run("ksym", "--all", "x").status()).isEqualTo(1);
    assertThat(run("ksym").err()).isEqualTo("ksym: ERROR: missing symbol name\n");
  }

  @Test
  void ksymAsJson() throws IOException {
    assertThat(run("ksym", "--json", "two").out())
        .isEqualTo(
            """
            [
              {
                "address": "0xffffffffa0000010",
                "class": "G",
                "owner": "exporter",
                "name": "two",
                "crc": null,
                "namespace": "NS"
              }
            ]
            """);
  }

  @Test
  void kmapIsATable() throws IOException {
    assertThat(run("kmap").out())
        .isEqualTo(
            """
            START              END                        SIZE PROT WHAT
            0xffff888000000000 0xffff888000100000      1048576 rw-  heap
            0xffffffffa0000000 0xffffffffa0001000         4096 r-x  module text [<m>]
            """);
    assertThat(run("kmap", "--json").out()).contains("\"owner\": null").contains("\"<m>\"");
  }

  @Test
  void kmapAsAPicture(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("map.svg");
    assertThat(run("kmap", "--svg", file.toString())).isEqualTo(new Ran(0, "", ""));
    assertThat(Files.readString(file))
        .startsWith("<svg xmlns=")
        .contains("0xffff888000000000", "1 MiB", "[&lt;m&gt;]")
        .endsWith("</svg>\n");
    assertThat(run("kmap", "--svg", directory + "/no/file").err())
        .isEqualTo(
            "kmap: ERROR: cannot write " + directory + "/no/file: No such file or directory\n");
  }
}
