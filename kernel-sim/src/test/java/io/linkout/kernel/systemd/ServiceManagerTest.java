package io.linkout.kernel.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.newsclub.net.unix.AFUNIXDatagramSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;

@Timeout(60)
class ServiceManagerTest {
  private static final String PID = Long.toString(ProcessHandle.current().pid());

  @TempDir private Path directory;

  private static String received(AFUNIXDatagramSocket manager) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[100], 100);
    manager.receive(packet);
    return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII);
  }

  @Test
  void theManagerHearsOfReadinessAndOfTheEnd() throws IOException {
    Path path = directory.resolve("notify");
    try (AFUNIXDatagramSocket manager = AFUNIXDatagramSocket.newInstance()) {
      manager.bind(AFUNIXSocketAddress.of(path));
      ServiceManager service = new ServiceManager(Map.of("NOTIFY_SOCKET", path.toString()));
      service.ready();
      assertThat(received(manager)).isEqualTo("READY=1");
      service.stopping();
      assertThat(received(manager)).isEqualTo("STOPPING=1");
    }
  }

  @Test
  void itsSocketMayBeAbstract() throws IOException {
    String name = "linkout-test-" + PID;
    try (AFUNIXDatagramSocket manager = AFUNIXDatagramSocket.newInstance()) {
      manager.bind(AFUNIXSocketAddress.inAbstractNamespace(name));
      new ServiceManager(Map.of("NOTIFY_SOCKET", "@" + name)).ready();
      assertThat(received(manager)).isEqualTo("READY=1");
    }
  }

  @Test
  void withoutAManagerNothingIsSaid() throws IOException {
    new ServiceManager(Map.of()).ready();
    new ServiceManager(Map.of("NOTIFY_SOCKET", "")).stopping();
    assertThatThrownBy(
            () ->
                new ServiceManager(Map.of("NOTIFY_SOCKET", directory.resolve("none").toString()))
                    .ready())
        .isInstanceOf(IOException.class);
  }

  @Test
  void aPassedSocketIsForThisProcessOnly() throws IOException {
    assertThat(new ServiceManager(Map.of("LISTEN_PID", PID, "LISTEN_FDS", "1")).passedSocket())
        .hasValue(3);
    assertThat(new ServiceManager(Map.of("LISTEN_PID", "1", "LISTEN_FDS", "1")).passedSocket())
        .isEmpty();
    assertThat(new ServiceManager(Map.of("LISTEN_FDS", "1")).passedSocket()).isEmpty();
    assertThat(new ServiceManager(Map.of()).passedSocket()).isEmpty();
    assertThatThrownBy(
            () -> new ServiceManager(Map.of("LISTEN_PID", PID, "LISTEN_FDS", "2")).passedSocket())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("LISTEN_FDS is 2");
  }

  @Test
  void theWatchdogIsForThisProcessOnly() {
    assertThat(watchdog(Map.of("WATCHDOG_USEC", "30000000", "NOTIFY_SOCKET", "/n"))).hasSeconds(30);
    assertThat(watchdog(Map.of("WATCHDOG_USEC", "5", "WATCHDOG_PID", PID, "NOTIFY_SOCKET", "/n")))
        .hasNanos(5000);
    assertThat(watchdog(Map.of("WATCHDOG_USEC", "5", "WATCHDOG_PID", "1", "NOTIFY_SOCKET", "/n")))
        .isZero();
    assertThat(watchdog(Map.of("WATCHDOG_USEC", "often", "NOTIFY_SOCKET", "/n"))).isZero();
    assertThat(watchdog(Map.of("WATCHDOG_USEC", "5"))).isZero();
    assertThat(watchdog(Map.of())).isZero();
  }

  @Test
  void theWatchdogSpeaksOnlyForAThreadThatWorks() throws Exception {
    Path path = directory.resolve("notify");
    try (AFUNIXDatagramSocket manager = AFUNIXDatagramSocket.newInstance()) {
      manager.bind(AFUNIXSocketAddress.of(path));
      ServiceManager service =
          new ServiceManager(Map.of("NOTIFY_SOCKET", path.toString(), "WATCHDOG_USEC", "2000"));
      Semaphore permits = new Semaphore(0);
      try (ExecutorService loop = Executors.newSingleThreadExecutor();
          Watchdog watchdog =
              Watchdog.start(
                  service,
                  task ->
                      loop.execute(
                          () -> {
                            permits.acquireUninterruptibly();
                            task.run();
                          }))) {
        manager.setSoTimeout(100);
        assertThatThrownBy(() -> received(manager)).isInstanceOf(SocketTimeoutException.class);
        manager.setSoTimeout(0);
        permits.release(2);
        assertThat(received(manager)).isEqualTo("WATCHDOG=1");
        assertThat(received(manager)).isEqualTo("WATCHDOG=1");
        assertThat(watchdog).isNotNull();
        permits.release(1_000_000);
      }
    }
  }

  private static Duration watchdog(Map<String, String> environment) {
    return new ServiceManager(environment).watchdog();
  }
}
