package io.linkout.proto;

import io.linkout.proto.handshake.Welcome;

/** What a client tells its user when the kernel is of another build. */
public final class OtherBuild {
  /** Set by the launcher to its process id when it was reached by the link beside a socket. */
  private static final String FOLLOWED = "linkout_right";

  private OtherBuild() {}

  /**
   * Returns which protocols do not match, and what to do about it.
   *
   * @param welcome the kernel's, whose fingerprint is not this build's
   * @param socket the kernel's, as it was named
   */
  public static String message(Welcome welcome, String socket) {
    return message(welcome, socket, wasFollowed());
  }

  static String message(Welcome welcome, String socket, boolean followed) {
    String directory = welcome.getClientDirectory();
    String line =
        "this client speaks protocol %s (release %s), the kernel speaks %s (release %s): use %s"
            .formatted(
                Protocol.fingerprint(),
                Protocol.RELEASE,
                welcome.getProtocolFingerprint(),
                welcome.getDaemonRelease(),
                directory.isEmpty() ? "the client built with that kernel" : directory);
    // Whichever's command is called, the link would lead here again.
    return followed
        ? line + "\n  first remove " + socket + ".client, a link that leads here instead of there"
        : line;
  }

  /** Commands that this one was started by may have been; the launcher ends in exec. */
  private static boolean wasFollowed() {
    return Long.toString(ProcessHandle.current().pid()).equals(System.getenv(FOLLOWED));
  }
}
