package io.linkout.link;

import java.util.List;

/**
 * Space the kernel gave; owned by the connection until activated or freed.
 *
 * @param handle means nothing on another connection
 * @param addresses guest address of each segment asked for, in that order
 */
public record Allocation(long handle, List<Long> addresses) {
  /** Keeps a copy of {@code addresses}. */
  public Allocation {
    addresses = List.copyOf(addresses);
  }
}
