package io.linkout.kernel.api;

import io.linkout.kernel.cpu.Cpu;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.unicorn.UnicornCpu;
import io.linkout.kernel.kmsg.Kmsg;
import io.linkout.kernel.kmsg.LogRecord;
import io.linkout.kernel.personality.Personality;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A booted kernel whose functions a test calls one by one, with memory to pass. */
public final class GuestProgram implements AutoCloseable {
  private static final long ROOM = 0xffffffffb0000000L;
  private static final long CODE = 0xffffffffb8000000L;
  private static final int SIZE = 1 << 20;

  private final Arena arena = Arena.ofShared();
  private final Cpu cpu = new UnicornCpu();
  private final Kmsg log = new Kmsg(1000, () -> 0);
  private final GuestKernel kernel;
  private final Map<String, Long> addresses = new HashMap<>();
  private long used;
  private int codeUsed;

  /** Boots the built-in kernel with a small heap. */
  public GuestProgram() {
    this(32L << 20);
  }

  /** Boots the built-in kernel with a heap of {@code heapLimit} bytes. */
  public GuestProgram(long heapLimit) {
    ListedExports exports = new ListedExports();
    kernel =
        KernelBoot.boot(
            Personality.builtIn(),
            cpu,
            log,
            (_, _) -> {},
            new KernelOptions(Duration.ofSeconds(5), heapLimit, 1),
            exports);
    exports.all().forEach(e -> addresses.put(e.name(), e.address()));
    var protection = io.linkout.kernel.cpu.Protection.READ_WRITE;
    memory().map(ROOM, arena.allocate(SIZE, 4096), protection, "room", "test");
    var execute = io.linkout.kernel.cpu.Protection.READ_EXECUTE;
    memory().map(CODE, arena.allocate(SIZE, 4096), execute, "code", "test");
  }

  /** Returns guest memory. */
  public GuestMemory memory() {
    return cpu.memory();
  }

  /** Returns the address of export {@code name}. */
  public long address(String name) {
    Long address = addresses.get(name);
    if (address == null) {
      throw new AssertionError(name + " is not exported");
    }
    return address;
  }

  /** Calls kernel function {@code name} and returns rax; anything but a return fails the test. */
  public long call(String name, long... arguments) {
    CallOutcome outcome = tryCall(name, arguments);
    if (outcome instanceof CallOutcome.Returned returned) {
      return returned.result();
    }
    throw new AssertionError(name + ": " + outcome);
  }

  /** Calls kernel function {@code name} and returns the report of its death. */
  public List<String> dies(String name, long... arguments) {
    CallOutcome outcome = tryCall(name, arguments);
    if (outcome instanceof CallOutcome.Oopsed(List<String> report)) {
      return report;
    }
    throw new AssertionError(name + ": " + outcome);
  }

  /** Calls kernel function {@code name}. */
  public CallOutcome tryCall(String name, long... arguments) {
    List<CallRequest.Argument> values = new java.util.ArrayList<>();
    for (long argument : arguments) {
      values.add(new CallRequest.Argument.Value(argument));
    }
    return kernel.call(new CallRequest(address(name), 0, values));
  }

  /** Returns the address of {@code bytes} zeroed bytes, a multiple of 64. */
  public long room(int bytes) {
    long address = ROOM + used;
    used += (bytes + 63) & ~63L;
    return address;
  }

  /** Returns the address of a string. */
  public long text(String text) {
    long address = room(text.length() + 1);
    memory().write(address, text.getBytes(StandardCharsets.ISO_8859_1));
    return address;
  }

  /** Returns the address of a guest function. */
  public long code(Assembly assembly) {
    long address = CODE + codeUsed;
    memory().patch(address, assembly.code());
    codeUsed += (assembly.size() + 15) & ~15;
    return address;
  }

  /**
   * Returns the address of a guest function that shifts the quadword at {@code cell} up by four
   * bits, adds {@code digit}, and returns 0.
   */
  public long recorder(long cell, int digit) {
    return code(recording(cell, digit).rax(0).bytes(0xc3));
  }

  /** Returns the beginning of a guest function that records {@code digit} at {@code cell}. */
  public static Assembly recording(long cell, int digit) {
    // mov rax,cell; mov rcx,[rax]; shl rcx,4; add rcx,digit; mov [rax],rcx
    return new Assembly()
        .rax(cell)
        .bytes(0x48, 0x8b, 0x08, 0x48, 0xc1, 0xe1, 0x04, 0x48, 0x83, 0xc1, digit)
        .bytes(0x48, 0x89, 0x08);
  }

  /** Returns the log's lines. */
  public List<String> lines() {
    return log.read(0, 1000).stream().map(LogRecord::text).toList();
  }

  /** Returns the figures. */
  public GuestCounters counters() {
    return kernel.counters();
  }

  @Override
  public void close() {
    kernel.close();
    arena.close();
  }
}
