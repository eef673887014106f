package io.linkout.proto;

import io.linkout.proto.handshake.HandshakeProto;
import io.linkout.proto.wire.LinkoutProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Run by the build once the schema is compiled: writes {@link Protocol#fingerprint} beside the
 * classes.
 */
public final class FingerprintWriter {
  private FingerprintWriter() {}

  /**
   * Writes the fingerprint, 64 hexadecimal digits without a newline, to the file named by the only
   * argument.
   *
   * @throws IOException if that file cannot be written
   */
  public static void main(String[] args) throws IOException {
    Path target = Path.of(args[0]);
    Files.writeString(target, compiled());
  }

  /** Returns the fingerprint of the schema compiled into this class path. */
  static String compiled() {
    return CanonicalSchema.fingerprint(
        List.of(HandshakeProto.getDescriptor().toProto(), LinkoutProto.getDescriptor().toProto()));
  }
}
