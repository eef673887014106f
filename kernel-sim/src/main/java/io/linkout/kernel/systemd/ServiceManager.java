package io.linkout.kernel.systemd;

import java.io.IOException;
import java.net.DatagramPacket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.OptionalInt;
import org.newsclub.net.unix.AFUNIXDatagramSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/**
 * The service manager that started this process, if one did; without one every notice is a no-op.
 */
public final class ServiceManager {
  /** SD_LISTEN_FDS_START of sd-daemon.h. */
  private static final int FIRST_DESCRIPTOR = 3;

  private final Map<String, String> environment;

  /** The manager that {@code environment} speaks of. */
  public ServiceManager(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /**
   * Returns the listening socket passed to this process, if one was.
   *
   * @throws IOException if other than one was passed
   */
  public OptionalInt passedSocket() throws IOException {
    String pid = environment.get("LISTEN_PID");
    String count = environment.get("LISTEN_FDS");
    if (pid == null || count == null || !pid.equals(Long.toString(ProcessHandle.current().pid()))) {
      return OptionalInt.empty();
    }
    if (!count.equals("1")) {
      throw new IOException("LISTEN_FDS is " + count + ": one socket can be served");
    }
    return OptionalInt.of(FIRST_DESCRIPTOR);
  }

  /** Says that the service can be used. */
  public void ready() throws IOException {
    notice("READY=1");
  }

  /** Says that the service is going down. */
  public void stopping() throws IOException {
    notice("STOPPING=1");
  }

  /** Says that the service is well. */
  void alive() throws IOException {
    notice("WATCHDOG=1");
  }

  /** Returns how long the manager waits to hear that this process is well; zero: it does not. */
  Duration watchdog() {
    String patience = environment.get("WATCHDOG_USEC");
    String pid = environment.get("WATCHDOG_PID");
    String path = environment.get("NOTIFY_SOCKET");
    if (patience == null
        || path == null
        || path.isEmpty()
        || (pid != null && !pid.equals(Long.toString(ProcessHandle.current().pid())))) {
      return Duration.ZERO;
    }
    try {
      return Duration.of(Math.max(0, Long.parseLong(patience)), ChronoUnit.MICROS);
    } catch (NumberFormatException e) {
      return Duration.ZERO;
    }
  }

  private void notice(String state) throws IOException {
    String path = environment.get("NOTIFY_SOCKET");
    if (path == null || path.isEmpty()) {
      return;
    }
    byte[] name = path.getBytes(StandardCharsets.UTF_8);
    if (name[0] == '@') {
      // The abstract namespace: its addresses begin with a zero byte.
      name[0] = 0;
    }
    byte[] message = state.getBytes(StandardCharsets.US_ASCII);
    try (AFUNIXDatagramSocket socket = AFUNIXDatagramSocket.newInstance()) {
      socket.connect(AFUNIXSocketAddress.of(name));
      socket.send(new DatagramPacket(message, message.length));
    }
  }
}
