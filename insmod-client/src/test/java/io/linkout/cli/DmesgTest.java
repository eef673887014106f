package io.linkout.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.proto.wire.Done;
import io.linkout.proto.wire.LogBatch;
import io.linkout.proto.wire.LogRecord;
import io.linkout.proto.wire.Reply;
import io.linkout.proto.wire.Request;
import io.linkout.proto.wire.StatsReply;
import io.linkout.rpc.FakeKernel;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** dmesg: util-linux's format, which was compared with dmesg 2.38.1 of the same records. */
class DmesgTest {
  private static LogRecord log(int level, long micros, String text) {
    return LogRecord.newBuilder().setLevel(level).setTimeUs(micros).setText(text).build();
  }

  private static List<Reply> answer(Request request) {
    if (request.hasStats()) {
      StatsReply stats = StatsReply.newBuilder().setBootTimeUs(1_795_409_736_000_000L).build();
      return List.of(Reply.newBuilder().setStats(stats).build());
    }
    if (request.hasClearLog()) {
      return List.of(Reply.newBuilder().setDone(Done.getDefaultInstance()).build());
    }
    LogBatch first =
        LogBatch.newBuilder()
            .addRecords(log(6, 0, "Linux version"))
            .addRecords(log(4, 1_500_000, "a\tb\u001b[0mx\u0001é end\\x"))
            .build();
    LogBatch second =
        LogBatch.newBuilder()
            .addRecords(log(3, 12_345_678, "err \"q\"\nsecond line"))
            .addRecords(log(7, 123_456_000_001L, ""))
            .setLast(true)
            .build();
    return List.of(
        Reply.newBuilder().setLog(first).build(), Reply.newBuilder().setLog(second).build());
  }

  private static Ran run(String... words) throws IOException {
    try (FakeKernel kernel = new FakeKernel(DmesgTest::answer)) {
      return Ran.with(kernel, words);
    }
  }

  @Test
  void theDefaultFormatEscapesWhatATerminalWouldObey() throws IOException {
    assertThat(run("dmesg"))
        .isEqualTo(
            new Ran(
                0,
                """
                [    0.000000] Linux version
                [    1.500000] a\tb\\x1b[0mx\\x01é end\\x
                [   12.345678] err "q"
                               second line

                """,
                ""));
    assertThat(run("dmesg", "--noescape").out()).contains("b\u001b[0mx");
  }

  @Test
  void decodedRawAndWithoutTime() throws IOException {
    assertThat(run("dmesg", "-x", "-l", "err,warn").out())
        .isEqualTo(
            """
            kern  :warn  : [    1.500000] a\tb\\x1b[0mx\\x01é end\\x
            kern  :err   : [   12.345678] err "q"
                                          second line
            """);
    assertThat(run("dmesg", "-rl", "info").out()).isEqualTo("<6>[    0.000000] Linux version\n");
    assertThat(run("dmesg", "-tp", "-l", "err").out()).isEqualTo("err \"q\"\nsecond line\n");
    assertThat(run("dmesg", "-f", "daemon").out()).isEmpty();
  }

  @Test
  void calendarTimesCountFromTheKernelsBoot() throws IOException {
    assertThat(run("dmesg", "-T", "-l", "err").out().lines())
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .matches(
                        "\\[[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9]\\d \\d\\d:\\d\\d:\\d\\d 2026\\] err \"q\""),
            line -> assertThat(line).matches(" {27}second line"));
  }

  @Test
  void jsonAsUtilLinuxLaysItOut() throws IOException {
    assertThat(run("dmesg", "-J", "-l", "info,warn").out())
        .isEqualTo(
            """
            {
               "dmesg": [
                  {
                     "pri": 6,
                     "time":     0.000000,
                     "msg": "Linux version"
                  },{
                     "pri": 4,
                     "time":     1.500000,
                     "msg": "a\\tb\\u001b[0mx\\u0001é end\\\\x"
                  }
               ]
            }
            """);
    assertThat(run("dmesg", "-Jx", "-l", "info").out())
        .contains("         \"fac\": \"kern\",\n         \"pri\": \"info\",\n");
  }

  @Test
  void clearingAsksForIt() throws IOException {
    try (FakeKernel kernel = new FakeKernel(DmesgTest::answer)) {
      assertThat(Ran.with(kernel, "dmesg", "-C")).isEqualTo(new Ran(0, "", ""));
      assertThat(Ran.with(kernel, "dmesg", "-c").out()).contains("Linux version");
      assertThat(kernel.requests().get(0).hasClearLog()).isTrue();
      assertThat(kernel.requests().get(1).getReadLog().getClear()).isTrue();
    }
  }

  @Test
  void whatDoesNotGoTogetherIsRefused() throws IOException {
    assertThat(run("dmesg", "-l", "loud").err()).isEqualTo("dmesg: ERROR: unknown level 'loud'\n");
    assertThat(run("dmesg", "-Cw").status()).isEqualTo(1);
    assertThat(run("dmesg", "-rx").status()).isEqualTo(1);
  }
}
