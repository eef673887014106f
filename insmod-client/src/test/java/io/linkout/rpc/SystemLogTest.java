package io.linkout.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.newsclub.net.unix.AFUNIXDatagramSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/** What {@code modprobe -s} says reaches a system's log, as a datagram. */
@Timeout(30)
class SystemLogTest {
  @TempDir Path directory;

  @Test
  void aMessageHasPriorityAndProgram() throws IOException {
    Path socket = directory.resolve("log");
    try (AFUNIXDatagramSocket log = AFUNIXDatagramSocket.newInstance()) {
      log.bind(AFUNIXSocketAddress.of(socket));
      SystemLog.send(socket.toFile(), SystemLog.ERROR, "modprobe", "ERROR: no");
      DatagramPacket packet = new DatagramPacket(new byte[256], 256);
      log.receive(packet);
      assertThat(new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8))
          .isEqualTo("<27>modprobe: ERROR: no");
    }
  }

  @Test
  void whereNobodyListensItIsLost() {
    SystemLog.send(directory.resolve("none").toFile(), SystemLog.CRITICAL, "modprobe", "text");
    assertThat(directory).isEmptyDirectory();
  }
}
