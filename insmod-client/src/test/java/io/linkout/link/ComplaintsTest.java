package io.linkout.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ComplaintsTest {
  private final Complaints complaints = new Complaints();

  @Test
  void whatCausesHaveInCommonIsSaidOnce() {
    complaints.add(Errno.ENOEXEC, "first");
    complaints.addOnce(Errno.ENOEXEC, List.of("a file is missing", "do this"));
    complaints.add(Errno.ENOENT, "second");
    complaints.addOnce(Errno.ENOENT, List.of("a file is missing", "do this"));
    assertThatThrownBy(complaints::throwIfAny)
        .isInstanceOfSatisfying(
            LinkException.class,
            e ->
                assertThat(e.causes())
                    .containsExactly("first", "a file is missing", "do this", "second"));
  }
}
