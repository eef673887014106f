package io.linkout.kernel.api;

import io.linkout.kernel.cpu.Access;
import io.linkout.kernel.cpu.GuestFault;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.Protection;
import io.linkout.kernel.cpu.TrapFrame;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A call of a kernel function without a CPU. It has a scratch area of guest memory for strings and
 * buffers, and guest functions written in Java.
 *
 * <p>{@link #call} runs a function and then, as the CPU would, every guest call it asked for.
 */
public final class FakeTrap implements TrapFrame {
  /** Where the scratch area begins. */
  public static final long SCRATCH = 0xffff888000100000L;

  /** Bytes of the scratch area; what lies around it is not mapped. */
  public static final int SCRATCH_SIZE = 1 << 20;

  private static final long GUEST_CODE = 0xffffffffa0000000L;

  /** A guest function in Java. */
  @FunctionalInterface
  public interface GuestFunction {
    /** Returns rax. */
    long call(long[] arguments);
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Pending(long function, long[] arguments, LongUnaryOperator then) {}

  private final GuestMemory memory = GuestMemory.detached();
  private final Map<Long, GuestFunction> functions = new HashMap<>();
  private long[] arguments = {};
  private long top = SCRATCH;
  private @Nullable Pending pending;

  /** A fake with an empty scratch area. */
  public FakeTrap() {
    memory.map(
        SCRATCH,
        Arena.ofAuto().allocate(SCRATCH_SIZE, 4096),
        Protection.READ_WRITE,
        "scratch",
        "test");
  }

  /** Calls {@code function} and returns its rax, after all guest calls it asked for. */
  public long call(KernelFunction function, long... callArguments) {
    arguments = callArguments.clone();
    pending = null;
    long result = function.call(this);
    while (pending != null) {
      Pending next = pending;
      pending = null;
      GuestFunction guest = functions.get(next.function());
      if (guest == null) {
        throw new GuestFault(next.function(), Access.FETCH);
      }
      result = next.then().applyAsLong(guest.call(next.arguments()));
    }
    return result;
  }

  /** Returns the guest address of a new function. */
  public long function(GuestFunction function) {
    long address = GUEST_CODE + 16L * functions.size();
    functions.put(address, function);
    return address;
  }

  /** Returns the guest address of {@code size} bytes, zeroed, a multiple of 16. */
  public long room(int size) {
    long address = top;
    top += (size + 15L) & -16L;
    memory.fill(address, size, 0);
    return address;
  }

  /** Returns the guest address the next {@link #room} will have. */
  public long mark() {
    return top;
  }

  /** Gives back all room taken since {@link #mark} returned {@code address}; it is not cleared. */
  public void rewind(long address) {
    top = address;
  }

  /** Returns the guest address of a copy of {@code content}. */
  public long bytes(byte... content) {
    long address = room(content.length);
    memory.write(address, content);
    return address;
  }

  /** Returns the guest address of a copy of {@code words}. */
  public long longs(long... words) {
    long address = room(8 * words.length);
    for (int i = 0; i < words.length; i++) {
      memory.writeLong(address + 8L * i, words[i]);
    }
    return address;
  }

  /** Returns the guest address of a copy of {@code text} (ISO 8859-1) and a NUL. */
  public long string(String text) {
    return bytes((text + "\0").getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Returns the string at {@code address}, each byte a char. */
  public String readString(long address) {
    return memory.readString(address, SCRATCH_SIZE);
  }

  /** Returns the guest address of a va_list whose first {@code registers} are in the save area. */
  public long vaList(int registers, long... values) {
    long save = room(48);
    long overflow = room(8 * Math.max(1, values.length));
    for (int i = 0; i < values.length; i++) {
      long slot =
          i < registers ? save + 48 - 8L * (registers - i) : overflow + 8L * (i - registers);
      memory.writeLong(slot, values[i]);
    }
    long list = room(24);
    memory.writeInt(list, 48 - 8 * registers);
    memory.writeInt(list + 4, 176);
    memory.writeLong(list + 8, overflow);
    memory.writeLong(list + 16, save);
    return list;
  }

  @Override
  public long argument(int index) {
    return arguments[index];
  }

  @Override
  public long returnAddress() {
    return GUEST_CODE + 0x123;
  }

  @Override
  public long stackPointer() {
    return 0;
  }

  @Override
  public long rax() {
    return 0;
  }

  @Override
  public GuestMemory memory() {
    return memory;
  }

  @Override
  public void callGuest(long function, long[] guestArguments, LongUnaryOperator then) {
    pending = new Pending(function, guestArguments.clone(), then);
  }
}
