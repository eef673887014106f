package io.linkout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.proto.wire.ListExports;
import io.linkout.proto.wire.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A thousand clients that say nothing or never read cost little, hinder nobody and are dropped. */
class IdleClientsTest {
  private static final int CLIENTS = 1000;

  /** Bytes of memory that one such client may cost the daemon. */
  private static final long MOST_BYTES_EACH = 256 << 10;

  @Test
  void aThousandOfThemAreServedAroundAndDropped() throws IOException {
    try (Daemon daemon = Daemon.start("--hello-timeout", "15", "--reply-timeout", "15")) {
      Map<String, Long> before = daemon.nine();
      long resident = resident(daemon);
      List<Wire> clients = new ArrayList<>();
      try {
        Request exports =
            Request.newBuilder().setListExports(ListExports.getDefaultInstance()).build();
        for (int i = 0; i < CLIENTS; i++) {
          if (i % 2 == 0) {
            clients.add(Wire.connect(daemon.socket()));
          } else {
            Wire deaf = Wire.open(daemon.socket());
            clients.add(deaf);
            for (int j = 0; j < 20; j++) {
              deaf.send(exports);
            }
          }
        }
        assertThat(daemon.stats().getSessions()).isEqualTo(CLIENTS);
        assertThat(resident(daemon) - resident).isLessThan(CLIENTS * MOST_BYTES_EACH);
        daemon.run("insmod", Tool.example("hello")).ok();
        daemon.run("rmmod", "hello").ok();
        awaitDropped(daemon);
      } finally {
        for (Wire client : clients) {
          client.close();
        }
      }
      assertThat(daemon.nine()).isEqualTo(before);
    }
  }

  private static void awaitDropped(Daemon daemon) {
    for (int i = 0; i < 1200 && daemon.stats().getSessions() > 0; i++) {
      Daemon.pause(50);
    }
    assertThat(daemon.stats().getSessions()).isZero();
  }

  private static long resident(Daemon daemon) throws IOException {
    for (String line :
        Files.readAllLines(Path.of("/proc", Long.toString(daemon.stats().getPid()), "status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) << 10;
      }
    }
    throw new AssertionError("no VmRSS");
  }
}
