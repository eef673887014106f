package io.linkout.kernel.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.proto.wire.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What clients may send, in any order and shape, harms nothing: a sample of the fuzzing. */
class RequestFuzzTest {
  private static final Path FOLDER = Path.of("src/test/resources/fuzz/requests");
  private static final int INPUT_BYTES = 1500;

  /** Every input that was found, or that somebody thought of, is replayed for ever. */
  @TestFactory
  Stream<DynamicTest> everyFileOfTheFolder() throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.list(FOLDER)) {
      files = found.filter(Files::isRegularFile).sorted().toList();
    }
    assertThat(files).isNotEmpty();
    return files.stream()
        .map(
            file ->
                DynamicTest.dynamicTest(
                    String.valueOf(file.getFileName()),
                    () ->
                        new RequestFuzz(FuzzedKernel.withoutCpu()).run(Files.readAllBytes(file))));
  }

  @Test
  void anyOrderOfRequestsLeavesTheKernelAsItWas() {
    RequestFuzz fuzz = new RequestFuzz(FuzzedKernel.withoutCpu());
    sample(fuzz, Long.getLong("linkout.fuzz.messages", 60_000));
    assertThat(fuzz.replies().keySet())
        .as("a sample that reaches everything")
        .contains(
            java.util.Arrays.stream(Reply.KindCase.values())
                .filter(k -> k != Reply.KindCase.KIND_NOT_SET)
                .toArray(Reply.KindCase[]::new));
  }

  @Test
  void soItDoesOnTheRealCpu() {
    RequestFuzz fuzz = new RequestFuzz(FuzzedKernel.withCpu());
    sample(fuzz, Long.getLong("linkout.fuzz.messages", 60_000) / 6);
    assertThat(fuzz.replies().get(Reply.KindCase.ACTIVATED)).isGreaterThan(50L);
  }

  /** Returns where {@code input} was put, to be taken into the folder. */
  private static Path keep(byte[] input) {
    try {
      return Files.write(Files.createTempFile(Path.of("target"), "found-", ""), input);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void sample(RequestFuzz fuzz, long messages) {
    Random random = new Random(Long.getLong("linkout.seed", 4711));
    byte[] input = new byte[INPUT_BYTES];
    while (fuzz.messages() < messages) {
      random.nextBytes(input);
      try {
        fuzz.run(input);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(keep(input) + ": " + fuzz, e);
      }
    }
  }
}
