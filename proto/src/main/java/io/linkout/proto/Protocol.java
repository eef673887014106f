package io.linkout.proto;

/** Constants that both ends of a connection must agree on. */
public final class Protocol {
  /** First field of Hello and Welcome: "LNKO". */
  public static final int MAGIC = 0x4c4e4b4f;

  /**
   * Release of this build of client and daemon, for messages only. No constant of the language, of
   * which javac would put copies into the classes that use it.
   */
  public static final String RELEASE = release();

  /** Bytes of the largest frame that can be part of a handshake. */
  public static final int HANDSHAKE_FRAME_BYTES = 64 * 1024;

  private Protocol() {}

  private static String release() {
    return "0.1.0";
  }

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
