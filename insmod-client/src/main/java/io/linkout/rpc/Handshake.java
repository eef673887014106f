package io.linkout.rpc;

import io.linkout.link.KernelException;
import io.linkout.proto.OtherBuild;
import io.linkout.proto.Protocol;
import io.linkout.proto.handshake.Hello;
import io.linkout.proto.handshake.Welcome;
import java.io.IOException;
import java.util.List;

/** The first exchange of a connection: is this the right client for that kernel? */
final class Handshake {
  private Handshake() {}

  /**
   * Says Hello and returns the Welcome.
   *
   * @param anyProtocol true if the Welcome is all that is wanted: it is the same in every protocol,
   *     and also said by a kernel that goes no further with this client
   * @throws KernelException if what answers is no kernel, speaks another protocol or refuses
   */
  static Welcome greet(FrameStream frames, String socket, boolean anyProtocol) throws IOException {
    String fingerprint = Protocol.fingerprint();
    frames.send(
        Hello.newBuilder()
            .setMagic(Protocol.MAGIC)
            .setClientRelease(Protocol.RELEASE)
            .setProtocolFingerprint(fingerprint)
            .build());
    try {
      frames.flush();
    } catch (IOException e) {
      // One who is not let in is told so before his Hello is there, and the connection closed: read
      // on. If nothing was said, that fails as well.
    }
    Welcome welcome = frames.receive(Welcome.parser());
    if (welcome.getMagic() != Protocol.MAGIC) {
      throw refusal("what listens at " + socket + " is no Linkout kernel");
    }
    if (!welcome.getProtocolFingerprint().equals(fingerprint)) {
      if (anyProtocol) {
        return welcome;
      }
      throw refusal(OtherBuild.message(welcome, socket));
    }
    if (!welcome.getRefusal().isEmpty()) {
      throw refusal(welcome.getRefusal());
    }
    return welcome;
  }

  private static KernelException refusal(String message) {
    return new KernelException(0, "", message, "", List.of());
  }
}
