package io.linkout.cli;

import java.io.IOException;
import java.util.logging.LogManager;

/**
 * A log manager without a configuration: no command prints a library's log lines. Public, since the
 * JDK makes it by name.
 */
public final class NoLogging extends LogManager {
  /** Made by the JDK. */
  public NoLogging() {}

  @Override
  public void readConfiguration() throws IOException {
    // the one way to tell the caller to go no further; it is not reported
    throw new IOException("there is no configuration");
  }
}
