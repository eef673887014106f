package io.linkout.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.linkout.link.Programs;
import io.linkout.proto.wire.Done;
import io.linkout.proto.wire.LogBatch;
import io.linkout.proto.wire.LogRecord;
import io.linkout.proto.wire.Reply;
import io.linkout.proto.wire.Request;
import io.linkout.proto.wire.StatsReply;
import io.linkout.rpc.FakeKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
  void theTimeSinceTheLineBefore() throws IOException {
    assertThat(run("dmesg", "-d").out())
        .isEqualTo(
            """
            [    0.000000 <    0.000000>] Linux version
            [    1.500000 <    0.000000>] a\tb\\x1b[0mx\\x01é end\\x
            [   12.345678 <   10.845678>] err "q"
                                          second line

            """);
    assertThat(run("dmesg", "-td", "-l", "warn,err").out())
        .startsWith("[<    0.000000>] a")
        .contains("\n[<   10.845678>] err \"q\"\n                 second line\n");
    assertThat(run("dmesg", "-Td", "-l", "err").out())
        .containsPattern(
            "^\\[[A-Z][a-z]{2} Nov 2\\d \\d\\d:\\d\\d:\\d\\d 2026 <    0\\.000000>] err");
  }

  @Test
  void theLocalTimeOnceAMinute() throws IOException {
    List<String> relative = run("dmesg", "-e").out().lines().toList();
    assertThat(relative.get(0)).matches("\\[Nov2\\d \\d\\d:\\d\\d] Linux version");
    assertThat(relative.get(1)).startsWith("[  +0.000000] a");
    assertThat(relative.get(2)).isEqualTo("[ +10.845678] err \"q\"");
    assertThat(relative.get(3)).isEqualTo("              second line");
    assertThat(run("dmesg", "-H").out().lines()).isEqualTo(relative);
    assertThat(run("dmesg", "-TeP").out().lines()).as("the last one counts").isEqualTo(relative);
    assertThat(run("dmesg", "-et", "-l", "info").out()).isEqualTo("Linux version\n");
  }

  private static String local(long second) {
    return java.time.Instant.ofEpochSecond(second)
        .atZone(java.time.ZoneId.systemDefault())
        .toLocalDateTime()
        .toString();
  }

  @Test
  void onlyWhatWasLoggedThen() throws IOException {
    long boot = 1_795_409_736;
    assertThat(run("dmesg", "-t", "--since", local(boot + 1), "--until", local(boot + 13)).out())
        .isEqualTo("err \"q\"\nsecond line\n");
    assertThat(run("dmesg", "-t", "--until", local(boot + 12), "-l", "info,err").out())
        .isEqualTo("Linux version\n");
    assertThat(run("dmesg", "-J", "--since", local(boot + 2)).out()).contains("second line");
    assertThat(run("dmesg", "--since", "soon").err())
        .isEqualTo("dmesg: ERROR: invalid time value \"soon\"\n");
  }

  /** The host's own, of the same records, if that is of the version that was looked at. */
  @ParameterizedTest
  @ValueSource(strings = {"-d", "-td", "-xd", "-ed", "-x", "-t"})
  void asTheHostsDmesgDoesIt(String option) throws IOException, InterruptedException {
    assumeTrue(
        Programs.succeeds("sh", "-c", "dmesg --version | grep -q 'util-linux 2.38'"),
        "SKIPPED: no dmesg of util-linux 2.38 here");
    Path log = Files.createTempFile("dmesg", ".log");
    try (FakeKernel kernel = new FakeKernel(DmesgTest::plain)) {
      Files.writeString(log, Ran.with(kernel, "dmesg", "-r").out());
      String theirs = Programs.run(List.of("dmesg", "-F", log.toString(), option));
      assertThat(theirs.lines()).hasSize(PLAIN.length);
      assertThat(Ran.with(kernel, "dmesg", option).out()).isEqualTo(theirs);
    } finally {
      Files.delete(log);
    }
  }

  private static final long[] PLAIN = {
    0, 1_500_000, 1_500_010, 75_250_000, 80_000_001, 200_000_001, 123_456_000_001L
  };

  /** One line a record and nothing to escape: the old format that it reads has no other. */
  private static List<Reply> plain(Request request) {
    if (request.hasStats()) {
      return answer(request);
    }
    LogBatch.Builder batch = LogBatch.newBuilder().setLast(true);
    for (int i = 0; i < PLAIN.length; i++) {
      batch.addRecords(log(3 + i % 4, PLAIN[i], "line " + i));
    }
    return List.of(Reply.newBuilder().setLog(batch).build());
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
    assertThat(run("dmesg", "-rd").err())
        .isEqualTo("dmesg: ERROR: mutually exclusive arguments: --show-delta --raw\n");
    assertThat(run("dmesg", "-rt").err()).contains("--raw --notime");
  }
}
