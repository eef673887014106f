package io.linkout.kernel.module;

import io.linkout.kernel.api.LoadImage;
import io.linkout.kernel.api.oops.TableForms;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Checks the tables of an image before the kernel uses them: each lies inside one segment, is a
 * whole number of entries, and every entry leads to memory of the handle. Keys of jump labels and
 * static calls may belong to other modules or the kernel, so these are left to the guest's own
 * memory checks.
 *
 * <p>Layouts as in 6.1, but for those in {@link TableForms}: arch/x86/include/asm/jump_label.h,
 * include/linux/static_call_types.h, arch/x86/include/asm/extable.h, include/asm-generic/bug.h,
 * arch/x86/include/asm/orc_types.h, include/linux/tracepoint-defs.h.
 */
final class TableCheck {
  private static final VarHandle REL32 =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** What an entry's target has to be. */
  private enum Target {
    /** An address in code. */
    TEXT,
    /** An address in code or just past its end, where ORC tables end. */
    TEXT_OR_END,
    /** An address in any segment but a per-CPU one. */
    MEMORY
  }

  private final List<PlacedSegment> segments;
  private final TableForms forms;

  TableCheck(List<PlacedSegment> segments, TableForms forms) {
    this.segments = segments;
    this.forms = forms;
  }

  /**
   * Checks all tables of one activation.
   *
   * @throws Refusal (misuse) naming the table and entry that break a rule
   */
  void check(List<LoadImage.Table> tables) {
    long held = segments.stream().mapToLong(PlacedSegment::size).sum();
    long orcAddresses = 0;
    long orcEntries = 0;
    for (LoadImage.Table table : tables) {
      // Tables do not share bytes, so their sum bounds the work done here.
      if (table.length() < 0 || table.length() > held) {
        throw Refusal.misuse("tables take more bytes than the handle has");
      }
      held -= table.length();
      check(table);
      if (table.kind() == LoadImage.TableKind.ORC_UNWIND_IP) {
        orcAddresses += table.length() / entryBytes(table.kind());
      } else if (table.kind() == LoadImage.TableKind.ORC_UNWIND) {
        orcEntries += table.length() / entryBytes(table.kind());
      }
    }
    if (orcAddresses != orcEntries) {
      throw Refusal.misuse(
          "ORC_UNWIND_IP has %d entries and ORC_UNWIND %d".formatted(orcAddresses, orcEntries));
    }
  }

  private void check(LoadImage.Table table) {
    int entry = entryBytes(table.kind());
    if (table.length() % entry != 0) {
      throw Refusal.misuse(
          "%s of %d bytes is no whole number of %d-byte entries"
              .formatted(table.kind(), table.length(), entry));
    }
    PlacedSegment home =
        segments.stream()
            .filter(s -> s.kind() != LoadImage.Kind.PERCPU)
            .filter(s -> s.contains(table.address(), table.length()))
            .findFirst()
            .orElseThrow(
                () ->
                    Refusal.misuse(
                        "%s at 0x%x of %d bytes is not inside a segment of the handle"
                            .formatted(table.kind(), table.address(), table.length())));
    if (table.kind() == LoadImage.TableKind.ORC_UNWIND) {
      // Describes frames and holds no address.
      return;
    }
    byte[] bytes =
        home.host()
            .asSlice(table.address() - home.address(), table.length())
            .toArray(ValueLayout.JAVA_BYTE);
    for (int at = 0; at < bytes.length; at += entry) {
      checkEntry(table, bytes, at, at / entry);
    }
  }

  private void checkEntry(LoadImage.Table table, byte[] bytes, int at, int index) {
    LoadImage.TableKind kind = table.kind();
    long address = table.address();
    switch (kind) {
      case JUMP_TABLE -> {
        checkTarget(kind, "code", index, relative(address, bytes, at), Target.TEXT);
        checkTarget(kind, "target", index, relative(address, bytes, at + 4), Target.TEXT);
      }
      case STATIC_CALL_SITES ->
          checkTarget(kind, "site", index, relative(address, bytes, at), Target.TEXT);
      case EX_TABLE -> {
        checkTarget(kind, "instruction", index, relative(address, bytes, at), Target.TEXT);
        checkTarget(kind, "fixup", index, relative(address, bytes, at + 4), Target.TEXT);
      }
      case BUG_TABLE -> {
        checkTarget(kind, "instruction", index, relative(address, bytes, at), Target.TEXT);
        if (forms.bugFile() >= 0) {
          long file = relative(address, bytes, at + forms.bugFile());
          checkTarget(kind, "file", index, file, Target.MEMORY);
        }
      }
      case ORC_UNWIND_IP ->
          checkTarget(kind, "instruction", index, relative(address, bytes, at), Target.TEXT_OR_END);
      case TRACEPOINTS_PTRS ->
          checkTarget(kind, "tracepoint", index, relative(address, bytes, at), Target.MEMORY);
      case CONSTRUCTORS ->
          checkTarget(kind, "constructor", index, (long) WORD.get(bytes, at), Target.TEXT);
      case ORC_UNWIND -> throw new IllegalStateException("it holds no address");
    }
  }

  private void checkTarget(
      LoadImage.TableKind kind, String what, int index, long address, Target target) {
    for (PlacedSegment segment : segments) {
      boolean fits =
          switch (target) {
            case TEXT -> segment.text() && segment.contains(address, 1);
            case TEXT_OR_END -> segment.text() && segment.contains(address, 0);
            case MEMORY -> segment.kind() != LoadImage.Kind.PERCPU && segment.contains(address, 1);
          };
      if (fits) {
        return;
      }
    }
    throw Refusal.misuse(
        "%s entry %d: %s 0x%x is not in the handle's %s"
            .formatted(kind, index, what, address, target == Target.MEMORY ? "memory" : "text"));
  }

  /**
   * Returns the guest address that the signed 32 bits at {@code at} of the table at {@code address}
   * stand for: own place + value.
   */
  private static long relative(long address, byte[] table, int at) {
    return address + at + (int) REL32.get(table, at);
  }

  private int entryBytes(LoadImage.TableKind kind) {
    return switch (kind) {
      case JUMP_TABLE -> 16;
      case STATIC_CALL_SITES, CONSTRUCTORS -> 8;
      case EX_TABLE -> 12;
      case BUG_TABLE -> forms.bugBytes();
      case ORC_UNWIND -> 6;
      case ORC_UNWIND_IP, TRACEPOINTS_PTRS -> 4;
    };
  }
}
