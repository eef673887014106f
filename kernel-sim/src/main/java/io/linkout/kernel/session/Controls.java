package io.linkout.kernel.session;

/** What sessions of root and the daemon's own uid may do to the daemon. */
public interface Controls {
  /** Begins to stop the daemon and returns. */
  void shutdown();

  /**
   * Changes what can be changed while it runs.
   *
   * @param logLevel a level's name, or empty for that of the start
   * @throws io.linkout.kernel.module.Refusal if there is no such level
   */
  void reload(String logLevel);
}
