package io.linkout.kernel.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SessionTableTest {
  private static final Limits LIMITS =
      new Limits(1 << 20, 8, 16, 4, 1 << 20, 16, 12, 64, 64, 32, 2);

  private final SessionBench bench = new SessionBench(LIMITS);

  @Test
  void defaultsAreThoseOfTheDesign() {
    assertThat(Limits.DEFAULT.sessions()).isEqualTo(4096);
    assertThat(Limits.DEFAULT.sessionsOfUid()).isEqualTo(2048);
    assertThat(Limits.DEFAULT.reservedSessions()).isEqualTo(16);
  }

  @Test
  void oneUidMayHaveHalfOfAll() {
    for (int i = 0; i < 32; i++) {
      assertThat(bench.sessions.refusal(SessionBench.USER)).isNull();
      bench.client();
    }
    assertThat(bench.sessions.refusal(SessionBench.USER)).contains("uid 1000");
    assertThat(bench.sessions.refusal(new Peer(1, 1001))).isNull();
  }

  @Test
  void someAreKeptForRootAndTheOwner() {
    for (int i = 0; i < 48; i++) {
      bench.client(2000 + i % 2);
    }
    assertThat(bench.sessions.refusal(new Peer(1, 3000))).contains("too many sessions");
    for (int i = 0; i < 16; i++) {
      Peer peer = new Peer(1, i % 2 == 0 ? 0 : SessionBench.DAEMON_UID);
      assertThat(bench.sessions.refusal(peer)).isNull();
      bench.client(peer.uid());
    }
    assertThat(bench.sessions.refusal(new Peer(1, 0))).contains("too many sessions");
  }

  @Test
  void aClosedSessionMakesRoom() {
    SessionBench.Client client = bench.client();
    for (int i = 0; i < 31; i++) {
      bench.client();
    }
    assertThat(bench.sessions.refusal(SessionBench.USER)).isNotNull();
    client.session.close();
    assertThat(bench.sessions.refusal(SessionBench.USER)).isNull();
  }
}
