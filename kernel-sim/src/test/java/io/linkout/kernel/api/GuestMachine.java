package io.linkout.kernel.api;

import io.linkout.kernel.api.LoadImage.Kind;
import io.linkout.kernel.api.LoadImage.Segment;
import io.linkout.kernel.cpu.GuestLayout;
import io.linkout.kernel.cpu.unicorn.UnicornCpu;
import io.linkout.kernel.kmsg.Kmsg;
import io.linkout.kernel.kmsg.LogRecord;
import io.linkout.kernel.personality.Personality;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A booted kernel on the real CPU, and modules of hand-made code for it. */
public final class GuestMachine implements AutoCloseable {
  /** Where the n-th module's text begins. */
  private static final long TEXT = GuestLayout.MODULES;

  private static final long SPACING = 0x100000;

  private final Arena arena = Arena.ofShared();

  /** Changes of references, as they were told. */
  public final List<String> references = new ArrayList<>();

  /** The log. */
  public final Kmsg log = new Kmsg(1000, () -> 0);

  /** What the kernel exports. */
  public final ListedExports exports = new ListedExports();

  /** The kernel. */
  public final GuestKernel kernel;

  private long nextId = 1;

  /** Boots the built-in kernel. */
  public GuestMachine() {
    this(Personality.builtIn());
  }

  /** Boots {@code personality}. */
  public GuestMachine(Personality personality) {
    KernelOptions options = new KernelOptions(Duration.ofSeconds(2), 64L << 20, 1);
    kernel =
        KernelBoot.boot(
            personality,
            new UnicornCpu(),
            log,
            (id, delta) -> references.add(id + ":" + delta),
            options,
            exports);
  }

  /** Returns the address of export {@code name}. */
  public long address(String name) {
    return exports.all().stream()
        .filter(e -> e.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is not exported"))
        .address();
  }

  /** Returns the log's lines so far. */
  public List<String> lines() {
    return log.read(0, 1000).stream().map(LogRecord::text).toList();
  }

  /** A module that is put together. */
  public final class Module {
    private final String name;
    private final long base = TEXT + SPACING * nextId;
    private final MemorySegment text = arena.allocate(GuestLayout.PAGE, GuestLayout.PAGE);
    private final MemorySegment data = arena.allocate(GuestLayout.PAGE, GuestLayout.PAGE);
    private final List<Segment> more = new ArrayList<>();
    private final List<LoadImage.Table> tables = new ArrayList<>();
    private final List<LoadImage.ParameterCall> parameters = new ArrayList<>();
    private long textUsed;
    private long dataUsed = 1024;
    private long init;
    private long exit;

    /** Its load id. */
    public final long id = nextId++;

    private Module(String name) {
      this.name = name;
    }

    /** Returns the address of its struct module. */
    public long thisModule() {
      return base + 0x10000;
    }

    /** Places {@code content} into its data; returns the address. */
    public long data(byte[] content) {
      long at = dataUsed;
      MemorySegment.copy(content, 0, data, ValueLayout.JAVA_BYTE, at, content.length);
      dataUsed += (content.length + 15) & ~15L;
      return base + 0x10000 + at;
    }

    /** Places a string. */
    public long text(String string) {
      return data((string + "\0").getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Returns the quadword at data address {@code address}. */
    public long quad(long address) {
      return data.get(ValueLayout.JAVA_LONG, address - base - 0x10000);
    }

    /** Places code; returns its address. */
    public long code(Assembly assembly) {
      byte[] code = assembly.code();
      long at = textUsed;
      MemorySegment.copy(code, 0, text, ValueLayout.JAVA_BYTE, at, code.length);
      textUsed += (code.length + 15) & ~15L;
      return base + at;
    }

    /** Returns the byte of code at {@code address}. */
    public int codeByte(long address) {
      return text.get(ValueLayout.JAVA_BYTE, address - base) & 0xff;
    }

    /** Says what init is. */
    public Module init(Assembly assembly) {
      init = code(assembly);
      return this;
    }

    /** Says what exit is. */
    public Module exit(Assembly assembly) {
      exit = code(assembly);
      return this;
    }

    /** Adds a segment of one page. */
    public MemorySegment segment(Kind kind, long address) {
      MemorySegment host = arena.allocate(GuestLayout.PAGE, GuestLayout.PAGE);
      more.add(new Segment(kind, address, host));
      return host;
    }

    /** Adds a table. */
    public Module table(LoadImage.TableKind kind, long address, long length) {
      tables.add(new LoadImage.Table(kind, address, length));
      return this;
    }

    /** Adds a parameter with a set function of its own. */
    public Module parameter(String parameter, long set, long kernelParam, String value) {
      parameters.add(
          new LoadImage.ParameterCall(
              parameter, set, kernelParam, value.getBytes(StandardCharsets.ISO_8859_1)));
      return this;
    }

    /** Loads it. */
    public LoadOutcome load() {
      List<Segment> segments = new ArrayList<>(more);
      segments.addFirst(new Segment(Kind.DATA, base + 0x10000, data));
      segments.addFirst(new Segment(Kind.TEXT, base, text));
      return kernel.load(
          new LoadImage(
              id,
              name,
              segments,
              init,
              exit,
              thisModule(),
              896,
              8192,
              "",
              name + ".ko",
              "0123456789abcdef",
              address -> null,
              tables,
              parameters,
              List.of()));
    }

    /** Unloads it. */
    public UnloadOutcome unload() {
      return kernel.unload(id);
    }
  }

  /** Begins a module. */
  public Module module(String name) {
    return new Module(name);
  }

  @Override
  public void close() {
    kernel.close();
    arena.close();
  }
}
