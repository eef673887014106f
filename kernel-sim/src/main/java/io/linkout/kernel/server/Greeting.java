package io.linkout.kernel.server;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.linkout.kernel.session.Limits;
import io.linkout.proto.Protocol;
import io.linkout.proto.handshake.Hello;
import io.linkout.proto.handshake.Welcome;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/** The kernel's part of the handshake: what it says of itself, and whom it will not talk to. */
final class Greeting {
  private final Welcome welcome;

  Greeting(KernelIdentity identity, Limits limits) {
    this.welcome =
        Welcome.newBuilder()
            .setMagic(Protocol.MAGIC)
            .setRelease(identity.release())
            .setVermagic(identity.vermagic())
            .setBuildId(ByteString.copyFrom(HexFormat.of().parseHex(identity.buildId())))
            .setBootId(identity.bootId())
            .setArchitecture("x86_64")
            .setProtocolFingerprint(Protocol.fingerprint())
            .setDaemonRelease(Protocol.RELEASE)
            .setLimits(
                io.linkout.proto.handshake.Limits.newBuilder()
                    .setFrameBytes(limits.frameBytes())
                    .setPipelinedRequests(limits.pipelinedRequests())
                    .setResolveNames(limits.resolveNames())
                    .setSessionHandles(limits.sessionHandles())
                    .setSessionBytes(limits.sessionBytes())
                    .setActivateEntries(limits.activateEntries())
                    .setCallArguments(limits.callArguments())
                    .setCallBytes(limits.callBytes()))
            .setClientDirectory(identity.clientDirectory())
            .setHeadersDirectory(identity.headersDirectory())
            .setSymversPath(identity.symversPath())
            .addAllCpuFeatures(identity.features())
            .setThisModuleSize(identity.thisModuleSize())
            .setModversions(identity.modversions())
            .setSymbolsInUserspace(!identity.symbolMap().isEmpty())
            .setSymbolMapPath(identity.symbolMap())
            .setPid((int) ProcessHandle.current().pid())
            .build();
  }

  /** Returns the answer to what claims to be a Hello; its refusal is set if it is none to like. */
  Welcome answer(ByteBuffer frame) {
    Hello hello;
    try {
      hello = Hello.parseFrom(frame);
    } catch (InvalidProtocolBufferException e) {
      return refusal("the first frame is no Hello");
    }
    if (hello.getMagic() != Protocol.MAGIC) {
      return refusal("the first frame is no Hello of Linkout");
    }
    if (!hello.getProtocolFingerprint().equals(Protocol.fingerprint())) {
      return refusal(
          "the client speaks protocol %s (release %s), the kernel %s (release %s)"
              .formatted(
                  printable(hello.getProtocolFingerprint()),
                  printable(hello.getClientRelease()),
                  Protocol.fingerprint(),
                  Protocol.RELEASE));
    }
    return welcome;
  }

  /** Returns an answer that says why not. */
  Welcome refusal(String reason) {
    return welcome.toBuilder().setRefusal(reason).build();
  }

  /** Returns what a stranger sent in a form that can be shown. */
  private static String printable(String text) {
    return text.codePoints()
        .limit(64)
        .map(c -> c >= ' ' && c < 0x7f ? c : '?')
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
