package io.linkout.proto;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.proto.handshake.Welcome;
import org.junit.jupiter.api.Test;

class OtherBuildTest {
  private static final Welcome WELCOME =
      Welcome.newBuilder()
          .setProtocolFingerprint("ffff")
          .setDaemonRelease("9.9")
          .setClientDirectory("/opt/linkout")
          .build();

  private static final String LINE =
      "this client speaks protocol "
          + Protocol.fingerprint()
          + " (release "
          + Protocol.RELEASE
          + "), the kernel speaks ffff (release 9.9): use ";

  @Test
  void bothSidesAndTheRightClientAreNamed() {
    assertThat(OtherBuild.message(WELCOME, "/run/k.sock")).isEqualTo(LINE + "/opt/linkout");
    assertThat(
            OtherBuild.message(WELCOME.toBuilder().clearClientDirectory().build(), "/run/k.sock"))
        .isEqualTo(LINE + "the client built with that kernel");
  }

  @Test
  void aLinkThatLedHereIsToGo() {
    assertThat(OtherBuild.message(WELCOME, "/run/k.sock", true).lines())
        .containsExactly(
            LINE + "/opt/linkout",
            "  first remove /run/k.sock.client, a link that leads here instead of there");
  }
}
