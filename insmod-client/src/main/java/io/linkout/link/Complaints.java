package io.linkout.link;

import io.linkout.elf.OneLine;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gathers what is wrong with a module, so that the user learns all of it at once. */
public final class Complaints {
  /** Most lines kept for causes that come in thousands, such as relocations. */
  static final int MOST_BULK = 20;

  private final List<String> lines = new ArrayList<>();
  private final List<FailureCause> failures = new ArrayList<>();
  private @Nullable Errno first;
  private int bulk;

  /** No complaint so far. */
  public Complaints() {}

  /** Adds a cause that Linux logs nothing of its own for; control characters are escaped. */
  public void add(Errno errno, String line) {
    if (first == null || errno.compareTo(first) < 0) {
      first = errno;
    }
    lines.add(OneLine.of(line));
  }

  /** Adds what several causes have in common, after the first of them only. */
  void addOnce(Errno errno, List<String> common) {
    for (String line : common) {
      if (!lines.contains(OneLine.of(line))) {
        add(errno, line);
      }
    }
  }

  /** Adds a cause with what the kernel log is to say. */
  public void add(Errno errno, String line, FailureCause failure) {
    add(errno, line);
    failures.add(failure);
  }

  /** Adds an ENOEXEC of a kind that may come in thousands: only some are kept, the rest counted. */
  public void addBulk(String line) {
    if (bulk++ < MOST_BULK) {
      add(Errno.ENOEXEC, line);
    }
  }

  /** Returns how many lines there are; later ones come after. */
  int mark() {
    return lines.size();
  }

  /** Puts all that {@code others} have where {@link #mark} was {@code mark}. */
  void insert(int mark, Complaints others) {
    if (others.first != null && (first == null || others.first.compareTo(first) < 0)) {
      first = others.first;
    }
    lines.addAll(mark, others.lines);
    failures.addAll(others.failures);
    bulk += others.bulk;
  }

  /** Returns true if there is none. */
  public boolean isEmpty() {
    return first == null;
  }

  /**
   * Ends the link if there is any complaint.
   *
   * @throws LinkException with all of them
   */
  public void throwIfAny() {
    if (first != null) {
      if (bulk > MOST_BULK) {
        lines.add("and " + (bulk - MOST_BULK) + " more like these");
      }
      throw new LinkException(first, lines, failures);
    }
  }
}
