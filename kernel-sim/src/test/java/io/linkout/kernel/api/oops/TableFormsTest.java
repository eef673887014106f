package io.linkout.kernel.api.oops;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.kernel.personality.StructLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables of other releases are read by what the headers say of them. */
class TableFormsTest {
  private final Scene scene = new Scene();

  private static StructLayout layout(Map<String, Long> more) {
    Map<String, Long> values =
        new HashMap<>(Map.of("sizeof.bug_entry", 12L, "bug_entry.flags", 10L));
    values.putAll(more);
    return new StructLayout(values, "test");
  }

  @ParameterizedTest
  @CsvSource({
    // last byte of an entry; typed; ordinary call; nothing above
    "0x00, false, true, false",
    "0x04, false, true, true",
    "0x01, false, false, false",
    "0x02, true, true, false",
    "0x0a, true, true, false",
    "0x00, true, false, false",
    "0x01, true, false, true",
    "0x03, true, false, false",
    "0x04, true, false, false"
  })
  void theLastByteOfAnOrcEntry(String rest, boolean typed, boolean call, boolean end) {
    Map<String, Long> headers = typed ? Map.of("ORC_TYPE_CALL", 2L) : Map.of();
    scene.memory.writeInt(Scene.TABLES, (int) (Scene.CODE - Scene.TABLES));
    long at = Scene.TABLES + 0x100;
    scene.memory.writeShort(at, 16);
    scene.memory.writeShort(at + 2, -16);
    scene.memory.writeByte(at + 4, OrcEntry.SP | OrcEntry.PREVIOUS_SP << 4);
    scene.memory.writeByte(at + 5, Integer.decode(rest));
    OrcEntry entry =
        Objects.requireNonNull(
            OrcEntry.find(
                scene.memory,
                TableForms.of(layout(headers)),
                new TableSpan(Scene.TABLES, 4),
                new TableSpan(at, 6),
                Scene.CODE + 1));
    assertThat(entry.type() == OrcEntry.CALL).isEqualTo(call);
    assertThat(entry.end()).isEqualTo(end);
    assertThat(entry.stackOffset()).isEqualTo(16);
    assertThat(entry.frameBase()).isEqualTo(OrcEntry.PREVIOUS_SP);
  }

  @Test
  void bugEntriesWithoutFileAndLine() {
    TableForms forms = TableForms.of(layout(Map.of("sizeof.bug_entry", 8L, "bug_entry.flags", 4L)));
    bug(0, forms, 5, 0x901);
    bug(1, forms, 9, 0);
    BugEntry bug = find(forms, 9);
    assertThat(bug.file()).isEmpty();
    assertThat(bug.line()).isZero();
    assertThat(bug.warning()).isFalse();
    assertThat(find(forms, 5).warning()).isTrue();
  }

  @Test
  void bugEntriesWithAFormat() {
    Map<String, Long> headers =
        Map.of(
            "sizeof.bug_entry", 16L,
            "bug_entry.file_disp", 8L,
            "bug_entry.line", 12L,
            "bug_entry.flags", 14L);
    TableForms forms = TableForms.of(layout(headers));
    bug(0, forms, 5, 0);
    bug(1, forms, 9, 0x903);
    long name = Scene.TABLES + 0x800;
    scene.memory.write(name, "a.c\0".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    scene.memory.writeInt(Scene.TABLES + 24, (int) (name - Scene.TABLES - 24));
    scene.memory.writeShort(Scene.TABLES + 28, 77);
    BugEntry bug = find(forms, 9);
    assertThat(bug.file()).isEqualTo("a.c");
    assertThat(bug.line()).isEqualTo(77);
    assertThat(bug.silent()).isFalse();
    bug.said(scene.memory);
    assertThat(find(forms, 9).silent()).as("noted at the release's offset").isTrue();
  }

  private void bug(int index, TableForms forms, long offset, int flags) {
    long at = Scene.TABLES + (long) index * forms.bugBytes();
    scene.memory.writeInt(at, (int) (Scene.CODE + offset - at));
    scene.memory.writeShort(at + forms.bugFlags(), flags);
  }

  private BugEntry find(TableForms forms, long offset) {
    TableSpan table = new TableSpan(Scene.TABLES, 2L * forms.bugBytes());
    return Objects.requireNonNull(BugEntry.find(scene.memory, forms, table, Scene.CODE + offset));
  }
}
