package io.linkout.proto;

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
   * <p>Computed by the build, since computing it would load the descriptors: tens of milliseconds
   * in a short-lived client.
   */
  public static String fingerprint() {
    String fingerprint = Fingerprint.value();
    if (fingerprint.isEmpty()) {
      throw new IllegalStateException("the build wrote no protocol fingerprint");
    }
    return fingerprint;
  }
}
