package io.linkout.proto;

import io.linkout.proto.handshake.HandshakeProto;
import io.linkout.proto.wire.LinkoutProto;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Run by the build once the schema is compiled: replaces the class {@link Fingerprint} by one that
 * knows the answer. A class and not a resource, since looking for the first resource makes a JVM
 * open every jar of its class path, which costs a short command more than the handshake itself.
 */
public final class FingerprintWriter {
  private FingerprintWriter() {}

  /**
   * Writes the class file named by the only argument.
   *
   * @throws IOException if that file cannot be written
   */
  public static void main(String[] args) throws IOException {
    String fingerprint = compiled();
    byte[] type =
        ClassFile.of()
            .build(
                ClassDesc.of(Fingerprint.class.getName()),
                builder ->
                    builder
                        .withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER)
                        .withMethodBody(
                            "value",
                            MethodTypeDesc.of(ConstantDescs.CD_String),
                            ClassFile.ACC_STATIC,
                            code -> code.loadConstant(fingerprint).areturn()));
    Files.write(Path.of(args[0]), type);
  }

  /** Returns the fingerprint of the schema compiled into this class path. */
  static String compiled() {
    return CanonicalSchema.fingerprint(
        List.of(HandshakeProto.getDescriptor().toProto(), LinkoutProto.getDescriptor().toProto()));
  }
}
