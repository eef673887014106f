package io.linkout.kernel.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where a kernel's socket lies, and the files beside it: {@code SOCKET.lock}, held as long as this
 * process lives so that no two kernels share a socket, and {@code SOCKET.client}, a link to the
 * client installation that matches this kernel. The lock file stays behind: removing it would let
 * two processes hold locks on different files of one name.
 */
public final class SocketPlace implements AutoCloseable {
  /** Bytes of the longest path a Unix socket's address can hold (sun_path less its NUL). */
  public static final int MAX_PATH_BYTES = 107;

  /** A process that was killed is gone by then. */
  private static final Duration DEATH = Duration.ofMillis(500);

  private static final Duration LOOK_EVERY = Duration.ofMillis(10);

  private final Path socket;
  private final FileChannel lockFile;
  private final boolean ours;

  /** Where the link leads that this process left; null if it left none. */
  private @Nullable Path linked;

  private SocketPlace(Path socket, FileChannel lockFile, boolean ours) {
    this.socket = socket;
    this.lockFile = lockFile;
    this.ours = ours;
  }

  /**
   * Claims {@code socket} for this process: makes its directory if there is none, takes the lock,
   * and removes a socket file that no one serves.
   *
   * @param openToOthers true if other uids may connect: the directory is 0755 then, else 0700
   * @param inherited true if the socket was bound by whoever started this process: then it is
   *     neither removed nor replaced
   * @throws IOException if the path is too long, another process serves it, or the files cannot be
   *     made; the message says which
   */
  public static SocketPlace claim(Path socket, boolean openToOthers, boolean inherited)
      throws IOException {
    checkLength(socket);
    Path directory = socket.toAbsolutePath().getParent();
    if (directory == null) {
      throw new IOException(socket + " is no path for a socket");
    }
    makeDirectory(directory, openToOthers);
    FileChannel lockFile = lock(socket);
    boolean claimed = false;
    try {
      if (!inherited) {
        removeStale(socket);
      }
      claimed = true;
      return new SocketPlace(socket, lockFile, !inherited);
    } finally {
      if (!claimed) {
        lockFile.close();
      }
    }
  }

  /** Checks that an address can hold {@code socket}. */
  public static void checkLength(Path socket) throws IOException {
    int length = socket.toString().getBytes(StandardCharsets.UTF_8).length;
    if (length > MAX_PATH_BYTES) {
      throw new IOException(
          "%s: a socket's path has at most %d bytes, this one has %d"
              .formatted(socket, MAX_PATH_BYTES, length));
    }
  }

  /** Returns the socket's path. */
  public Path socket() {
    return socket;
  }

  /** Returns false if the socket was bound by whoever started this process. */
  public boolean isOurs() {
    return ours;
  }

  /**
   * Leaves a link to the client installation {@code directory} beside the socket, in place of one
   * that another kernel left, or only removes that if it is empty. The link appears at once and
   * whole, and never through what somebody else put at its name: launchers follow it (scripts/
   * right-client).
   *
   * @throws IOException if it cannot be, such as in a sticky directory where the name is somebody
   *     else's; a link that leads elsewhere may be there then
   */
  public void linkClient(String directory) throws IOException {
    Path link = beside(socket, ".client");
    if (directory.isEmpty()) {
      Files.deleteIfExists(link);
      return;
    }
    Path fresh = beside(socket, ".client." + ProcessHandle.current().pid());
    Files.deleteIfExists(fresh);
    Files.createSymbolicLink(fresh, Path.of(directory));
    try {
      Files.move(fresh, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      linked = Path.of(directory);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /** Returns the path of the file {@code socket} followed by {@code suffix}. */
  public static Path beside(Path socket, String suffix) {
    return socket.resolveSibling(socket.getFileName() + suffix);
  }

  /** Removes the socket, if it is this process's, and the link; and lets go of the lock. */
  @Override
  public void close() {
    try {
      if (ours) {
        Files.deleteIfExists(socket);
      }
      unlinkClient();
      lockFile.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Removes the link if it is the one that was left. */
  private void unlinkClient() throws IOException {
    Path link = beside(socket, ".client");
    if (linked != null
        && Files.isSymbolicLink(link)
        && Files.readSymbolicLink(link).equals(linked)) {
      Files.delete(link);
    }
  }

  private static void makeDirectory(Path directory, boolean openToOthers) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    String mode = openToOthers ? "rwxr-xr-x" : "rwx------";
    Files.createDirectories(
        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)));
    // mkdir(2) takes the umask away; this is the mode that was promised.
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(mode));
  }

  private static FileChannel lock(Path socket) throws IOException {
    Path path = beside(socket, ".lock");
    FileChannel file =
        FileChannel.open(
            path,
            java.util.Set.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    if (!lockSoon(file)) {
      String holder = read(file);
      file.close();
      throw new FileAlreadyExistsException(
          socket + ": a kernel runs there already" + (holder.isEmpty() ? "" : ", pid " + holder));
    }
    file.truncate(0);
    file.write(
        ByteBuffer.wrap(
            (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
    return file;
  }

  /**
   * Takes the lock, or returns false if another kernel keeps it: one that was killed lets go of it
   * only when its memory has been given back, and that may take a moment.
   */
  private static boolean lockSoon(FileChannel file) throws IOException {
    long start = System.nanoTime();
    try {
      while (file.tryLock() == null) {
        if (System.nanoTime() - start > DEATH.toNanos()) {
          return false;
        }
        Thread.sleep(LOOK_EVERY);
      }
      return true;
    } catch (OverlappingFileLockException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static String read(FileChannel file) throws IOException {
    ByteBuffer pid = ByteBuffer.allocate(20);
    file.read(pid, 0);
    return StandardCharsets.US_ASCII.decode(pid.flip()).toString().strip();
  }

  private static void removeStale(Path socket) throws IOException {
    if (!Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Object type = Files.getAttribute(socket, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    boolean isSocket = type instanceof Integer mode && (mode & 0170000) == 0140000;
    if (!isSocket) {
      throw new IOException(socket + " is there and is no socket");
    }
    // We hold the lock, so no kernel of ours serves it; something else still might.
    if (answers(socket)) {
      throw new IOException(socket + " is served by another program");
    }
    Files.deleteIfExists(socket);
  }

  private static boolean answers(Path socket) {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return channel.connect(UnixDomainSocketAddress.of(socket));
    } catch (IOException e) {
      return false;
    }
  }

  /** Returns the pid of the process that holds the lock of {@code socket}'s kernel, or null. */
  public static @Nullable Long holder(Path socket) throws IOException {
    Path path = beside(socket, ".lock");
    if (!Files.exists(path)) {
      return null;
    }
    try (FileChannel file =
        FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      FileLock lock = file.tryLock();
      if (lock != null) {
        lock.release();
        return null;
      }
      String pid = read(file);
      return pid.isEmpty() ? null : Long.valueOf(pid);
    }
  }
}
