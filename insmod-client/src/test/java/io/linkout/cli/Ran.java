package io.linkout.cli;

import io.linkout.rpc.FakeKernel;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a command printed and returned, run inside the test. */
record Ran(int status, String out, String err) {
  /** Runs {@code words} against {@code kernel}. */
  static Ran with(FakeKernel kernel, String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.add(1, "--socket=" + kernel.socket());
    return in(Map.of(), all.toArray(String[]::new));
  }

  /** Runs {@code words} with an environment. */
  static Ran in(Map<String, String> environment, String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status = Main.run(words, new Console(words[0], out, err, environment));
    return new Ran(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
