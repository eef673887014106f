package io.linkout.rpc;

import io.linkout.link.KernelException;
import java.util.List;

/**
 * A module is not made live, since others came that its exports were not compared with. Nothing has
 * changed: once they are, the same may be asked again.
 */
public final class StaleException extends KernelException {
  private static final long serialVersionUID = 1;

  StaleException(int errno, String errnoName, String message) {
    super(errno, errnoName, message, "", List.of());
  }
}
