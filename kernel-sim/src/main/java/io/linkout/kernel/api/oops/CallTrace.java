package io.linkout.kernel.api.oops;

import io.linkout.kernel.cpu.Access;
import io.linkout.kernel.cpu.GuestFault;
import io.linkout.kernel.cpu.GuestLayout;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.Registers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds who called whom: by ORC tables where the code has them (arch/x86/kernel/unwind_orc.c, Linux
 * 6.1), through kernel functions and through guest code that kernel functions called. Where that
 * fails before the outermost call is reached, every word further up the stack that points into code
 * is a guess.
 */
public final class CallTrace {
  /** A return address; {@code reliable} if it was unwound, not guessed. */
  public record Frame(long address, boolean reliable) {}

  private static final int MOST_FRAMES = 64;
  private static final int MOST_GUESSES = 32;

  private final GuestMemory memory;
  private final TableRegistry tables;

  /** Traces over {@code memory}. */
  public CallTrace(GuestMemory memory, TableRegistry tables) {
    this.memory = memory;
    this.tables = tables;
  }

  /** Where unwinding stands. */
  private static final class State {
    long ip;
    long sp;
    long bp;
    @Nullable Registers exact;
    boolean done;

    State(Registers registers) {
      ip = registers.rip();
      sp = registers.rsp();
      bp = registers.rbp();
      exact = registers;
    }
  }

  /**
   * Returns the return addresses on the stack, innermost first; the faulting instruction is not
   * among them.
   *
   * @param stackTop guest address just above the stack
   */
  public List<Frame> of(Registers registers, long stackTop) {
    List<Frame> frames = new ArrayList<>();
    State state = new State(registers);
    while (!state.done && frames.size() < MOST_FRAMES) {
      long before = state.sp;
      boolean first = state.exact != null;
      if (!step(state) || (!first && Long.compareUnsigned(state.sp, before) <= 0)) {
        guess(before, stackTop, frames);
        return frames;
      }
      state.exact = null;
      if (state.ip == GuestLayout.RETURN_SLOT) {
        state.done = true;
      } else if (state.ip != GuestLayout.CALLBACK_SLOT) {
        frames.add(new Frame(state.ip, true));
      }
    }
    return frames;
  }

  private boolean step(State state) {
    try {
      if (state.ip == GuestLayout.CALLBACK_SLOT) {
        return pop(state, state.sp + 8);
      }
      ModuleTables module = tables.at(state.exact == null ? state.ip - 1 : state.ip);
      if (module == null) {
        return leaf(state);
      }
      return orc(state, module);
    } catch (GuestFault e) {
      return false;
    }
  }

  /**
   * Code without tables: a kernel function, whose return address is on top of the stack, or a jump
   * to where no code is, as by a call of a null pointer.
   */
  private boolean leaf(State state) {
    boolean kernel = GuestLayout.within(state.ip, GuestLayout.KERNEL_TEXT, GuestLayout.KERNEL_DATA);
    boolean nowhere = !memory.allows(state.ip, 1, Access.FETCH);
    return state.exact != null && (kernel || nowhere) && pop(state, state.sp);
  }

  private boolean pop(State state, long at) {
    long address = memory.readLong(at);
    if (!code(address)) {
      return false;
    }
    state.ip = address;
    state.sp = at + 8;
    return true;
  }

  private boolean orc(State state, ModuleTables module) {
    OrcEntry entry =
        OrcEntry.find(
            memory,
            tables.forms(),
            module.orcAddresses(),
            module.orcEntries(),
            state.exact == null ? state.ip - 1 : state.ip);
    if (entry == null || entry.type() != OrcEntry.CALL) {
      return false;
    }
    Long previous = previousStack(entry, state);
    if (previous == null) {
      return false;
    }
    Long frame = savedFrame(entry, state, previous);
    if (frame == null || !pop(state, previous - 8)) {
      return false;
    }
    state.bp = frame;
    return true;
  }

  private @Nullable Long previousStack(OrcEntry entry, State state) {
    int offset = entry.stackOffset();
    Registers exact = state.exact;
    return switch (entry.stackBase()) {
      case OrcEntry.SP -> state.sp + offset;
      case OrcEntry.BP -> state.bp + offset;
      case OrcEntry.SP_INDIRECT -> memory.readLong(state.sp) + offset;
      case OrcEntry.BP_INDIRECT -> memory.readLong(state.bp + offset);
      case OrcEntry.R10 -> exact == null ? null : (Long) exact.r10();
      case OrcEntry.R13 -> exact == null ? null : (Long) exact.r13();
      case OrcEntry.DI -> exact == null ? null : (Long) exact.rdi();
      case OrcEntry.DX -> exact == null ? null : (Long) exact.rdx();
      default -> null;
    };
  }

  private @Nullable Long savedFrame(OrcEntry entry, State state, long previousStack) {
    return switch (entry.frameBase()) {
      case OrcEntry.UNDEFINED -> state.bp;
      case OrcEntry.PREVIOUS_SP -> memory.readLong(previousStack + entry.frameOffset());
      case OrcEntry.BP -> memory.readLong(state.bp + entry.frameOffset());
      default -> null;
    };
  }

  private void guess(long from, long stackTop, List<Frame> frames) {
    int guesses = 0;
    for (long at = (from + 7) & -8L;
        Long.compareUnsigned(at, stackTop) < 0 && guesses < MOST_GUESSES;
        at += 8) {
      if (!memory.allows(at, 8, Access.READ)) {
        return;
      }
      long word = memory.readLong(at);
      if (code(word) && !slot(word)) {
        frames.add(new Frame(word, false));
        guesses++;
      }
    }
  }

  private boolean code(long address) {
    return slot(address) || memory.allows(address, 1, Access.FETCH);
  }

  /** Returns true if the CPU itself put {@code address} on the stack. */
  private static boolean slot(long address) {
    return address == GuestLayout.RETURN_SLOT || address == GuestLayout.CALLBACK_SLOT;
  }
}
