package io.linkout.rpc;

import java.io.File;
import java.io.IOException;
import java.net.DatagramPacket;
import java.nio.charset.StandardCharsets;
import org.newsclub.net.unix.AFUNIXDatagramSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/** The host's log: datagrams to {@code /dev/log}, as syslog(3) sends them. */
public final class SystemLog {
  /** LOG_CRIT. */
  public static final int CRITICAL = 2;

  /** LOG_ERR. */
  public static final int ERROR = 3;

  /** LOG_WARNING. */
  public static final int WARNING = 4;

  /** LOG_DAEMON, which kmod logs under ({@code tools/log.c}). */
  private static final int DAEMON = 3 << 3;

  private SystemLog() {}

  /** Logs {@code text}; as with syslog(3), it is lost if nobody listens. */
  public static void send(int level, String program, String text) {
    send(new File("/dev/log"), level, program, text);
  }

  static void send(File socket, int level, String program, String text) {
    byte[] message =
        ("<" + (DAEMON | level) + ">" + program + ": " + text).getBytes(StandardCharsets.UTF_8);
    try (AFUNIXDatagramSocket log = AFUNIXDatagramSocket.newInstance()) {
      // a DatagramPacket takes no address that is not of the internet
      log.connect(AFUNIXSocketAddress.of(socket));
      log.send(new DatagramPacket(message, message.length));
    } catch (IOException e) {
      // nowhere left to say so
    }
  }
}
