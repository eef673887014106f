package io.linkout.containers;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import io.linkout.proto.CanonicalSchema;
import io.linkout.proto.Protocol;
import io.linkout.proto.handshake.HandshakeProto;
import io.linkout.proto.wire.LinkoutProto;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is not let in is told why. */
class RefusedClientsTest {
  private static final String HOME = "/opt/linkout/lib/linkout";

  @TempDir private Path directory;

  /**
   * The client image is the one under test with the fingerprint of a schema that has one field
   * more, which is what a build from that schema would carry.
   */
  @Test
  void aClientOfAnotherProtocolVersion() throws IOException {
    try (Kernel kernel = Kernel.start()) {
      String image = Engine.IMAGE + "-other-protocol";
      String other = otherFingerprint();
      Path jar = directory.resolve("client.jar");
      Files.copy(
          Path.of(System.getProperty("linkout.top", ".."), "build/linkout/lib/client.jar"), jar);
      try (FileSystem inside = FileSystems.newFileSystem(jar)) {
        Files.write(inside.getPath("io/linkout/proto/Fingerprint.class"), fingerprintClass(other));
      }
      Files.writeString(
          directory.resolve("Dockerfile"),
          "FROM "
              + Engine.IMAGE
              + "\nCOPY client.jar "
              + HOME
              + "/lib/client.jar\nUSER 0\nRUN rm "
              // JDK 25 uses a cache of another jar without a word.
              + HOME
              + "/cache/client.aot\nUSER 10001:10001\n");
      Engine.script(
          Map.of("DOCKER_BUILDKIT", "0"),
          "docker",
          "build",
          "-q",
          "--network",
          "none",
          "-t",
          image,
          directory.toString());
      try (Client client = kernel.clientOf(image, "lsmod")) {
        assertThat(client.start().await().failed().err())
            .isEqualTo(
                "lsmod: ERROR: this client speaks protocol "
                    + other
                    + " (release "
                    + Protocol.RELEASE
                    + "), the kernel speaks "
                    + Protocol.fingerprint()
                    + " (release "
                    + Protocol.RELEASE
                    + "): use "
                    + HOME
                    + "\n");
      }
      kernel.run("lsmod").ok();
      Engine.script(Map.of(), "docker", "rmi", image);
    }
  }

  @Test
  void aClientOfAnotherUid() {
    try (Kernel kernel = Kernel.start("--allow-uid", "10003", "--socket-mode", "666");
        Client stranger = kernel.client("lsmod").as(10002).start();
        Client check = kernel.client("kernel-sim", "status", "--quiet").as(10002).start();
        Client friend = kernel.client("lsmod").as(10003).start()) {
      assertThat(stranger.await().failed().err())
          .contains("lsmod: ERROR: ", "10002")
          .contains("Operation not permitted");
      assertThat(check.await()).isEqualTo(new Client.Outcome(1, "", ""));
      friend.await().ok();
    }
  }

  @Test
  void aClientThatTheSocketsModeKeepsOut() {
    try (Kernel kernel = Kernel.start();
        Client stranger = kernel.client("lsmod").as(10002).start()) {
      assertThat(stranger.await().failed().err()).contains("Permission denied");
    }
  }

  private static String otherFingerprint() {
    FileDescriptorProto wire = LinkoutProto.getDescriptor().toProto();
    FieldDescriptorProto extra =
        FieldDescriptorProto.newBuilder()
            .setName("extra")
            .setNumber(500)
            .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL)
            .setType(FieldDescriptorProto.Type.TYPE_BOOL)
            .build();
    FileDescriptorProto changed =
        wire.toBuilder()
            .setMessageType(0, wire.getMessageType(0).toBuilder().addField(extra))
            .build();
    return CanonicalSchema.fingerprint(List.of(HandshakeProto.getDescriptor().toProto(), changed));
  }

  /** Returns the class that the build of {@code proto} writes. */
  private static byte[] fingerprintClass(String fingerprint) {
    return ClassFile.of()
        .build(
            ClassDesc.of("io.linkout.proto.Fingerprint"),
            builder ->
                builder
                    .withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER)
                    .withMethodBody(
                        "value",
                        MethodTypeDesc.of(ConstantDescs.CD_String),
                        ClassFile.ACC_STATIC,
                        code -> code.loadConstant(fingerprint).areturn()));
  }
}
