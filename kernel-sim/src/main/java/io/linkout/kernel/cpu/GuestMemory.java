package io.linkout.kernel.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The guest's address space: which host memory lies at which guest address, with which protection.
 * The one place that knows; the emulated CPU mirrors it through {@link Mirror}.
 *
 * <p>Kernel functions read and write guest memory here, under the same protections as guest code: a
 * violation is a {@link GuestFault}. Host memory belongs to whoever mapped it and must outlive the
 * mapping. Confined to the CPU thread, but for {@link #mappings}: only that thread changes the map,
 * so it needs the lock for changes alone, and others need it to look.
 */
public final class GuestMemory {
  /** Told of each change after it was checked and before it is visible here. */
  public interface Mirror {
    /** {@code host} now lies at {@code address}; both are whole pages. */
    void mapped(long address, MemorySegment host, Protection protection);

    /** The mapping at {@code address} of {@code size} bytes has another protection. */
    void protectionChanged(long address, long size, Protection protection);

    /** The mapping at {@code address} of {@code size} bytes is gone. */
    void unmapped(long address, long size);

    /** Bytes of an executable mapping were changed by the kernel. */
    void codeChanged(long address, long size);
  }

  /** One mapping: whole pages. */
  public record Mapping(
      long address, MemorySegment host, Protection protection, String what, String owner) {
    /** Returns its size in bytes. */
    public long size() {
      return host.byteSize();
    }

    /** Returns the first guest address after it. */
    public long end() {
      return address + size();
    }
  }

  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  /** Bytes of work, about a millisecond's, after which a kernel function is asked for the time. */
  private static final long PATIENCE = 1 << 17;

  /** What finding a mapping costs, in bytes of work. */
  private static final long LOOK_UP = 8;

  private final TreeMap<Long, Mapping> mappings = new TreeMap<>(Long::compareUnsigned);
  private final Mirror mirror;
  private @Nullable BooleanSupplier overdue;
  private long worked;
  private long patience = PATIENCE;

  /** An empty address space whose changes {@code mirror} is told of. */
  public GuestMemory(Mirror mirror) {
    this.mirror = mirror;
  }

  /** Returns an address space that no CPU sees: for tests of kernel functions. */
  public static GuestMemory detached() {
    return new GuestMemory(
        new Mirror() {
          @Override
          public void mapped(long address, MemorySegment host, Protection protection) {}

          @Override
          public void protectionChanged(long address, long size, Protection protection) {}

          @Override
          public void unmapped(long address, long size) {}

          @Override
          public void codeChanged(long address, long size) {}
        });
  }

  /**
   * Puts {@code host} at guest address {@code address}.
   *
   * @param what what it is, for the memory map, such as "module text"
   * @param owner the module it belongs to, or empty
   * @throws IllegalArgumentException if address or size are not whole pages, or something is there
   */
  public void map(
      long address, MemorySegment host, Protection protection, String what, String owner) {
    long size = host.byteSize();
    if (size == 0 || size % GuestLayout.PAGE != 0 || address % GuestLayout.PAGE != 0) {
      throw new IllegalArgumentException(
          "not whole pages: " + Long.toHexString(address) + "+" + size);
    }
    Map.Entry<Long, Mapping> before = mappings.floorEntry(address + size - 1);
    if (before != null && Long.compareUnsigned(before.getValue().end(), address) > 0) {
      throw new IllegalArgumentException(
          "overlaps " + before.getValue().what() + " at " + Long.toHexString(address));
    }
    mirror.mapped(address, host, protection);
    put(new Mapping(address, host, protection, what, owner));
  }

  /** Changes the protection of the whole mapping that starts at {@code address}. */
  public void protect(long address, Protection protection) {
    Mapping old = starting(address);
    mirror.protectionChanged(address, old.size(), protection);
    put(new Mapping(address, old.host(), protection, old.what(), old.owner()));
  }

  /** Removes the whole mapping that starts at {@code address}. */
  public void unmap(long address) {
    Mapping old = starting(address);
    mirror.unmapped(address, old.size());
    synchronized (mappings) {
      mappings.remove(address);
    }
  }

  /** Returns all mappings by ascending address; a snapshot, which any thread may take. */
  public List<Mapping> mappings() {
    synchronized (mappings) {
      return new ArrayList<>(mappings.values());
    }
  }

  /**
   * A kernel function begins. What it works from here to {@link #workEnds} is counted; each {@link
   * #PATIENCE} bytes of it, {@code overdue} is asked whether it must end. So a function that does
   * little is never cut short, however late it is, and leaves nothing half done.
   */
  public void workBegins(BooleanSupplier overdue) {
    worked = 0;
    patience = PATIENCE;
    this.overdue = overdue;
  }

  /** The kernel function is over. */
  public void workEnds() {
    overdue = null;
  }

  /**
   * Counts work of a kernel function that goes on and on, in bytes looked at or made.
   *
   * @throws GuestTimeout if it is to end: nobody else can stop it, as the watchdog stops guest code
   */
  public void work(long bytes) {
    worked += bytes;
    if (worked > patience) {
      patience = worked + PATIENCE;
      if (overdue != null && overdue.getAsBoolean()) {
        throw new GuestTimeout();
      }
    }
  }

  private void put(Mapping mapping) {
    synchronized (mappings) {
      mappings.put(mapping.address(), mapping);
    }
  }

  /**
   * Returns true if {@code size} bytes at {@code address} lie in one mapping that allows {@code
   * access}.
   */
  public boolean allows(long address, long size, Access access) {
    Map.Entry<Long, Mapping> entry = mappings.floorEntry(address);
    return entry != null
        && contains(entry.getValue(), address, size)
        && permits(entry.getValue().protection(), access);
  }

  /** Returns the unsigned byte at {@code address}. */
  public int readByte(long address) {
    Mapping m = find(address, 1, Access.READ);
    return m.host().get(ValueLayout.JAVA_BYTE, address - m.address()) & 0xff;
  }

  /** Returns the unsigned 16 bits at {@code address}. */
  public int readShort(long address) {
    Mapping m = find(address, 2, Access.READ);
    return m.host().get(SHORT, address - m.address()) & 0xffff;
  }

  /** Returns the 32 bits at {@code address}. */
  public int readInt(long address) {
    Mapping m = find(address, 4, Access.READ);
    return m.host().get(INT, address - m.address());
  }

  /** Returns the 64 bits at {@code address}. */
  public long readLong(long address) {
    Mapping m = find(address, 8, Access.READ);
    return m.host().get(LONG, address - m.address());
  }

  /** Stores the low 8 bits of {@code value}. */
  public void writeByte(long address, int value) {
    Mapping m = find(address, 1, Access.WRITE);
    m.host().set(ValueLayout.JAVA_BYTE, address - m.address(), (byte) value);
  }

  /** Stores the low 16 bits of {@code value}. */
  public void writeShort(long address, int value) {
    Mapping m = find(address, 2, Access.WRITE);
    m.host().set(SHORT, address - m.address(), (short) value);
  }

  /** Stores 32 bits. */
  public void writeInt(long address, int value) {
    Mapping m = find(address, 4, Access.WRITE);
    m.host().set(INT, address - m.address(), value);
  }

  /** Stores 64 bits. */
  public void writeLong(long address, long value) {
    Mapping m = find(address, 8, Access.WRITE);
    m.host().set(LONG, address - m.address(), value);
  }

  /** Returns {@code length} bytes from {@code address} on; they may span mappings. */
  public byte[] read(long address, int length) {
    byte[] bytes = new byte[length];
    int done = 0;
    while (done < length) {
      Mapping m = find(address + done, 1, Access.READ);
      int part = (int) Math.min(length - done, m.end() - (address + done));
      MemorySegment.copy(
          m.host(), ValueLayout.JAVA_BYTE, address + done - m.address(), bytes, done, part);
      done += part;
      work(part);
    }
    return bytes;
  }

  /** Stores all of {@code bytes} from {@code address} on; they may span mappings. */
  public void write(long address, byte[] bytes) {
    int done = 0;
    while (done < bytes.length) {
      Mapping m = find(address + done, 1, Access.WRITE);
      int part = (int) Math.min(bytes.length - done, m.end() - (address + done));
      MemorySegment.copy(
          bytes, done, m.host(), ValueLayout.JAVA_BYTE, address + done - m.address(), part);
      done += part;
    }
  }

  /** Stores {@code length} times the low 8 bits of {@code value}. */
  public void fill(long address, long length, int value) {
    long done = 0;
    while (done < length) {
      Mapping m = find(address + done, 1, Access.WRITE);
      long part = Math.min(length - done, m.end() - (address + done));
      m.host().asSlice(address + done - m.address(), part).fill((byte) value);
      done += part;
    }
  }

  /**
   * Returns the bytes before the first NUL at {@code address}, at most {@code limit} of them, each
   * as one char (ISO 8859-1): guest strings need not be UTF-8.
   */
  public String readString(long address, int limit) {
    byte[] bytes = new byte[Math.min(limit, 256)];
    int length = 0;
    while (length < limit) {
      int b = readByte(address + length);
      if (b == 0) {
        break;
      }
      if (length == bytes.length) {
        bytes = java.util.Arrays.copyOf(bytes, Math.min(limit, bytes.length * 2));
      }
      bytes[length++] = (byte) b;
    }
    return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
  }

  /**
   * Stores {@code bytes} whatever the protection, as the kernel does when it patches text or fills
   * read-only data; translations of that code are dropped.
   */
  public void patch(long address, byte[] bytes) {
    Map.Entry<Long, Mapping> entry = mappings.floorEntry(address);
    if (entry == null || !contains(entry.getValue(), address, bytes.length)) {
      throw new GuestFault(address, Access.WRITE);
    }
    Mapping m = entry.getValue();
    MemorySegment.copy(
        bytes, 0, m.host(), ValueLayout.JAVA_BYTE, address - m.address(), bytes.length);
    if (m.protection().executable()) {
      mirror.codeChanged(address, bytes.length);
    }
  }

  private Mapping starting(long address) {
    Mapping mapping = mappings.get(address);
    if (mapping == null) {
      throw new IllegalArgumentException("no mapping starts at " + Long.toHexString(address));
    }
    return mapping;
  }

  private Mapping find(long address, long size, Access access) {
    work(LOOK_UP);
    Map.Entry<Long, Mapping> entry = mappings.floorEntry(address);
    if (entry == null
        || !contains(entry.getValue(), address, size)
        || !permits(entry.getValue().protection(), access)) {
      throw new GuestFault(address, access);
    }
    return entry.getValue();
  }

  private static boolean contains(Mapping mapping, long address, long size) {
    long offset = address - mapping.address();
    return offset >= 0 && offset <= mapping.size() - size;
  }

  private static boolean permits(Protection protection, Access access) {
    return switch (access) {
      case READ -> protection.readable();
      case WRITE -> protection.writable();
      case FETCH -> protection.executable();
    };
  }
}
