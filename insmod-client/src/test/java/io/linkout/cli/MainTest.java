package io.linkout.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every command has in common. */
class MainTest {
  @ParameterizedTest
  @ValueSource(strings = {"lsmod", "rmmod", "dmesg", "ksym", "kmap"})
  void helpAndVersionGoToStdout(String command) {
    Ran help = Ran.in(Map.of(), command, "-h");
    assertThat(help.out()).startsWith("Usage:\n\t" + command).contains("--socket=PATH");
    assertThat(help.status()).isZero();
    assertThat(help.err()).isEmpty();
    Ran version = Ran.in(Map.of(), command, "--vers");
    assertThat(version.out()).matches("linkout version \\S+\n");
    assertThat(version.status()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"lsmod", "dmesg", "kmap"})
  void noDaemonIsOneLine(String command) {
    assertThat(Ran.in(Map.of("LINKOUT_SOCKET", "/nowhere/k"), command))
        .isEqualTo(
            new Ran(1, "", command + ": ERROR: no kernel at /nowhere/k: is kernel-sim running?\n"));
  }

  @Test
  void usageErrorsEndWithOne() {
    assertThat(Ran.in(Map.of(), "lsmod", "-x"))
        .isEqualTo(new Ran(1, "", "lsmod: ERROR: invalid option -- 'x'\n"));
    assertThat(Ran.in(Map.of(), "rmmod"))
        .isEqualTo(new Ran(1, "", "rmmod: ERROR: missing module name.\n"));
  }

  @Test
  void aClosedStdoutIsNoReasonToSpeak() {
    OutputStream closed = new FailingStream("Broken pipe");
    java.io.ByteArrayOutputStream err = new java.io.ByteArrayOutputStream();
    int status =
        Main.run(new String[] {"lsmod", "-h"}, new Console("lsmod", closed, err, Map.of()));
    assertThat(status).isEqualTo(1);
    assertThat(err.toString(java.nio.charset.StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void aFullDiskIs() {
    OutputStream full = new FailingStream("No space left on device");
    java.io.ByteArrayOutputStream err = new java.io.ByteArrayOutputStream();
    int status = Main.run(new String[] {"lsmod", "-h"}, new Console("lsmod", full, err, Map.of()));
    assertThat(status).isEqualTo(1);
    assertThat(err.toString(java.nio.charset.StandardCharsets.UTF_8))
        .isEqualTo("lsmod: ERROR: write error: No space left on device\n");
  }

  private static final class FailingStream extends OutputStream {
    private final String reason;

    FailingStream(String reason) {
      this.reason = reason;
    }

    @Override
    public void write(int b) throws IOException {
      throw new IOException(reason);
    }
  }
}
