package io.linkout.kernel.module;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkout.kernel.api.LoadImage.Table;
import io.linkout.kernel.api.LoadImage.TableKind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableCheckTest {
  private final ModuleBench bench = new ModuleBench();
  private final Handle handle = bench.allocate();
  private final long text = Images.address(handle, Images.TEXT);
  private final long rodata = Images.address(handle, Images.RODATA);
  private final long data = Images.address(handle, Images.DATA);

  private void check(Table... tables) {
    new TableCheck(handle.segments(), io.linkout.kernel.api.oops.TableForms.LINUX_6_1)
        .check(List.of(tables));
  }

  private void refused(String what, Table... tables) {
    assertThatThrownBy(() -> check(tables))
        .isInstanceOfSatisfying(
            Refusal.class,
            r -> {
              assertThat(r.kind()).isEqualTo(Refusal.Kind.MISUSE);
              assertThat(r.reason()).contains(what);
            });
  }

  private void accepted(Table... tables) {
    assertThatCode(() -> check(tables)).doesNotThrowAnyException();
  }

  /** Writes the distance to {@code target} at {@code offset} of the read-only segment. */
  private void relative(long offset, long target) {
    put(
        offset,
        ByteBuffer.allocate(4)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt((int) (target - (rodata + offset))));
  }

  private void put(long offset, ByteBuffer bytes) {
    handle.write(Images.RODATA, offset, bytes.flip());
  }

  @Test
  void tablesAreWholeAndInsideOneSegment() {
    refused("no whole number", new Table(TableKind.ORC_UNWIND, rodata, 7));
    refused("not inside", new Table(TableKind.ORC_UNWIND, rodata + 0x800 - 6, 12));
    refused("not inside", new Table(TableKind.ORC_UNWIND, rodata - 6, 6));
    refused("not inside", new Table(TableKind.ORC_UNWIND, 0, 6));
    refused("more bytes", new Table(TableKind.EX_TABLE, rodata, Long.MAX_VALUE));
    refused("more bytes", new Table(TableKind.EX_TABLE, rodata, -12));
    accepted(new Table(TableKind.EX_TABLE, rodata, 0));
  }

  @Test
  void tablesDoNotAddUpToMoreThanTheHandle() {
    Table[] tables = new Table[100];
    java.util.Arrays.fill(tables, new Table(TableKind.TRACEPOINTS_PTRS, rodata, 0x800));
    for (int i = 0; i < 0x800; i += 4) {
      relative(i, data);
    }
    refused("more bytes", tables);
  }

  @Test
  void jumpLabelsLeadToText() {
    relative(0, text + 5);
    relative(4, text + 0xfff);
    Table table = new Table(TableKind.JUMP_TABLE, rodata, 16);
    accepted(table);
    relative(4, text + 0x1000);
    refused("JUMP_TABLE entry 0: target", table);
    relative(4, text);
    relative(0, data);
    refused("JUMP_TABLE entry 0: code", table);
    relative(0, text);
    relative(16, text);
    relative(20, 0xffffffff81000000L);
    refused("JUMP_TABLE entry 1: target", new Table(TableKind.JUMP_TABLE, rodata, 32));
  }

  @Test
  void staticCallsLieInText() {
    relative(0, text);
    accepted(new Table(TableKind.STATIC_CALL_SITES, rodata, 8));
    relative(0, rodata);
    refused("STATIC_CALL_SITES entry 0", new Table(TableKind.STATIC_CALL_SITES, rodata, 8));
  }

  @Test
  void exceptionsLeadFromTextToText() {
    relative(0, text);
    relative(4, text + 1);
    Table table = new Table(TableKind.EX_TABLE, rodata, 12);
    accepted(table);
    relative(4, data);
    refused("EX_TABLE entry 0: fixup", table);
  }

  @Test
  void bugsNameAFileInMemory() {
    relative(0, text);
    relative(4, rodata + 0x7ff);
    Table table = new Table(TableKind.BUG_TABLE, rodata, 12);
    accepted(table);
    relative(4, rodata + 0x800);
    refused("BUG_TABLE entry 0: file", table);
  }

  @Test
  void orcTablesAreInParallelAndMayEndPastTheText() {
    relative(0, text);
    relative(4, text + 0x1000);
    Table ips = new Table(TableKind.ORC_UNWIND_IP, rodata, 8);
    accepted(ips, new Table(TableKind.ORC_UNWIND, rodata + 0x100, 12));
    refused("has 2 entries", ips, new Table(TableKind.ORC_UNWIND, rodata + 0x100, 6));
    relative(4, text + 0x1001);
    refused("ORC_UNWIND_IP entry 1", ips, new Table(TableKind.ORC_UNWIND, rodata + 0x100, 12));
  }

  @Test
  void constructorsAreAddressesInText() {
    put(0, ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(text));
    accepted(new Table(TableKind.CONSTRUCTORS, rodata, 8));
    put(0, ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0));
    refused("CONSTRUCTORS entry 0", new Table(TableKind.CONSTRUCTORS, rodata, 8));
  }
}
