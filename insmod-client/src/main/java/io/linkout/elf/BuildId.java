package io.linkout.elf;

import java.nio.ByteBuffer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** The GNU build id: note type 3 of owner GNU, in {@code .note.gnu.build-id}. */
public final class BuildId {
  /** The section that has it. */
  public static final String SECTION = ".note.gnu.build-id";

  private static final int HEADER = 12;
  private static final int TYPE = 3;
  private static final int GNU = 0x554e47;

  private BuildId() {}

  /**
   * Returns the build id in {@code notes}, little-endian, from 0 to the limit; null if there is
   * none.
   *
   * @param torn makes what is thrown if the note at an offset runs past the end
   */
  public static byte @Nullable [] of(ByteBuffer notes, IntFunction<RuntimeException> torn) {
    int at = 0;
    while (at + HEADER <= notes.limit()) {
      long nameSize = notes.getInt(at) & 0xffffffffL;
      long size = notes.getInt(at + 4) & 0xffffffffL;
      long start = at + HEADER + ((nameSize + 3) & ~3L);
      if (start + size > notes.limit()) {
        throw torn.apply(at);
      }
      if (notes.getInt(at + 8) == TYPE && nameSize == 4 && notes.getInt(at + HEADER) == GNU) {
        byte[] id = new byte[(int) size];
        notes.get((int) start, id);
        return id;
      }
      at = (int) (start + ((size + 3) & ~3L));
    }
    return null;
  }
}
