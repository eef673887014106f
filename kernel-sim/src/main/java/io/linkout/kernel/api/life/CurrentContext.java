package io.linkout.kernel.api.life;

/** What of the CPU's state a call must leave as it found it. */
public interface CurrentContext {
  /**
   * Prepares for a call on behalf of who asked for it, who is called {@code command} if unknown.
   */
  void begin(String command);

  /** Prepares for a call by a kernel thread that runs what was put off. */
  void beginWorker();

  /**
   * Logs what the call left behind, if it returned: a changed preemption count, disabled
   * interrupts; and undoes it.
   *
   * @param function guest address that was called
   */
  void end(long function, boolean returned);
}
