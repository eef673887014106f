package io.linkout.kernel.session;

/** The way back to a client. */
public interface Replies {
  /** Sends one answer; answers arrive in the order sent. */
  void send(Reply reply);

  /** Returns false while so much is sent and not yet taken that no more should be made. */
  boolean writable();

  /** Room was made for requests: those held back may come. */
  void readOn();

  /** Closes the connection once everything sent was taken; nothing is sent after this. */
  void finish();
}
