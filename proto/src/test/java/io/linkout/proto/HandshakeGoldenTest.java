package io.linkout.proto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.linkout.proto.handshake.Hello;
import io.linkout.proto.handshake.Limits;
import io.linkout.proto.handshake.Welcome;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/**
 * The handshake is frozen: these bytes were recorded when it was first written, and every later
 * build must write and read them as they are. Never edit an expected value here.
 */
class HandshakeGoldenTest {
  private static final String HELLO_BYTES =
      "0d4f4b4e4c1205302e312e301a1061616161616161616161616161616161";

  private static final Hello HELLO =
      Hello.newBuilder()
          .setMagic(0x4c4e4b4f)
          .setClientRelease("0.1.0")
          .setProtocolFingerprint("aaaaaaaaaaaaaaaa")
          .build();

  private static final Welcome WELCOME =
      Welcome.newBuilder()
          .setMagic(0x4c4e4b4f)
          .setRelease("6.1.0-56-amd64")
          .setVermagic("6.1.0-56-amd64 SMP ")
          .setBuildId(ByteString.copyFrom(new byte[] {1, 2, 3}))
          .setBootId("boot")
          .setArchitecture("x86_64")
          .setProtocolFingerprint("bbbb")
          .setDaemonRelease("0.2.0")
          .setLimits(
              Limits.newBuilder()
                  .setFrameBytes(1)
                  .setPipelinedRequests(2)
                  .setResolveNames(3)
                  .setSessionHandles(4)
                  .setSessionBytes(5)
                  .setActivateEntries(6)
                  .setCallArguments(7)
                  .setCallBytes(8))
          .setRefusal("no")
          .setClientDirectory("/c")
          .setHeadersDirectory("/h")
          .setSymversPath("/s")
          .addCpuFeatures(0x01020304)
          .addCpuFeatures(5)
          .setSymbolsInUserspace(true)
          .setSymbolMapPath("/m")
          .setThisModuleSize(896)
          .setModversions(true)
          .setPid(77)
          .build();

  @Test
  void helloIsWrittenAsItAlwaysWas() {
    assertThat(hex(HELLO.toByteArray())).isEqualTo(HELLO_BYTES);
  }

  @Test
  void helloIsReadAsItAlwaysWas() throws Exception {
    assertThat(Hello.parseFrom(HexFormat.of().parseHex(HELLO_BYTES))).isEqualTo(HELLO);
  }

  @Test
  void welcomeIsWrittenAsItAlwaysWas() {
    assertThat(hex(WELCOME.toByteArray())).isEqualTo(WELCOME_BYTES);
  }

  @Test
  void welcomeIsReadAsItAlwaysWas() throws Exception {
    assertThat(Welcome.parseFrom(HexFormat.of().parseHex(WELCOME_BYTES))).isEqualTo(WELCOME);
  }

  @Test
  void anOldClientReadsTheWelcomeOfAKernelThatHasMoreToSay() throws Exception {
    String unknownField200 = "c20c03616263";
    Welcome read = Welcome.parseFrom(HexFormat.of().parseHex(WELCOME_BYTES + unknownField200));
    assertThat(read.getRelease()).isEqualTo("6.1.0-56-amd64");
    assertThat(read.getPid()).isEqualTo(77);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static final String WELCOME_BYTES =
      "0d4f4b4e4c120e362e312e302d35362d616d6436341a13362e312e302d35362d616d6436"
          + "3420534d502022030102032a04626f6f7432067838365f36343a04626262624205302e32"
          + "2e304a100801100218032004280530063807400852026e6f5a022f6362022f686a022f73"
          + "7208040302010500000078018201022f6d8801800790010198014d";
}
