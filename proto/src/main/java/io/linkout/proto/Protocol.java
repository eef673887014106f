package io.linkout.proto;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Constants that both ends of a connection must agree on. */
public final class Protocol {
  /** First field of Hello and Welcome: "LNKO". */
  public static final int MAGIC = 0x4c4e4b4f;

  /** Release of this build of client and daemon, for messages only. */
  public static final String RELEASE = "0.1.0";

  /** Bytes of the largest frame that can be part of a handshake. */
  public static final int HANDSHAKE_FRAME_BYTES = 64 * 1024;

  private Protocol() {}

  /**
   * Returns the fingerprint of the schema this build was made from: 64 hexadecimal digits.
   *
   * <p>Read from a resource that the build wrote, since computing it would load the descriptors:
   * tens of milliseconds in a short-lived client.
   */
  public static String fingerprint() {
    try (InputStream in = Protocol.class.getResourceAsStream("fingerprint")) {
      if (in == null) {
        throw new IllegalStateException("the build wrote no protocol fingerprint");
      }
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
