package io.linkout.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may connect may read what lies beside the socket. */
class SocketReadersTest {
  private static final int OTHER = 54321;

  @TempDir private Path directory;
  private Path file = Path.of("set before each");
  private int uid;
  private int gid;

  @BeforeEach
  void make() throws IOException {
    file = Files.createFile(directory.resolve("k.sock.symbols"));
    uid = number("uid");
    gid = number("gid");
  }

  private int number(String attribute) throws IOException {
    return (Integer) Files.getAttribute(file, "unix:" + attribute);
  }

  private String given(int mode, int owner, int group) throws IOException {
    new SocketReaders(mode, owner, group).mayRead(file);
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @ParameterizedTest
  @CsvSource({
    "0600, rw-------",
    "0660, rw-r-----",
    "0666, rw-r--r--",
    "0777, rw-r--r--",
    // To connect takes the permission to write.
    "0755, rw-------",
    "0622, rw-r--r--",
    "0000, rw-------",
  })
  void whoMayWriteToTheSocketMayRead(String mode, String expected) throws IOException {
    assertThat(given(Integer.parseInt(mode, 8), uid, gid)).isEqualTo(expected);
  }

  @Test
  void somebodyElsesSocketIsReadByItsOwner() throws IOException {
    assertThat(given(0600, OTHER, gid)).isEqualTo("rw-r--r--");
    assertThat(given(0060, OTHER, gid)).as("not for its owner").isEqualTo("rw-r-----");
    assertThat(given(0600, 0, gid)).as("root reads all").isEqualTo("rw-------");
  }

  /** Root may give away any group; another, none that it is not in. */
  @Test
  void theSocketsGroupReads() throws IOException {
    assertThat(given(0600, uid, OTHER)).isEqualTo("rw-------");
    assertThat(number("gid")).as("of no use to a group that may not connect").isEqualTo(gid);
    boolean root = uid == 0;
    assertThat(given(0660, uid, OTHER)).isEqualTo(root ? "rw-r-----" : "rw-r--r--");
    assertThat(number("gid")).isEqualTo(root ? OTHER : gid);
  }

  @Test
  void theSocketsFileSaysIt() throws IOException {
    Path socket = Files.createFile(directory.resolve("k.sock"));
    Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw----"));
    SocketReaders readers = SocketReaders.of(socket);
    assertThat(readers.mode() & 0777).isEqualTo(0660);
    assertThat(readers).returns(uid, SocketReaders::uid).returns(gid, SocketReaders::gid);
  }
}
