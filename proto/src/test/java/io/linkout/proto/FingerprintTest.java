package io.linkout.proto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.SourceCodeInfo;
import io.linkout.proto.handshake.HandshakeProto;
import io.linkout.proto.wire.LinkoutProto;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The fingerprint changes with what matters on the wire, and with nothing else. */
class FingerprintTest {
  private static final FileDescriptorProto WIRE = LinkoutProto.getDescriptor().toProto();

  @Test
  void theBuildWroteTheFingerprintOfTheCompiledSchema() {
    assertThat(Protocol.fingerprint())
        .isEqualTo(
            CanonicalSchema.fingerprint(List.of(HandshakeProto.getDescriptor().toProto(), WIRE)))
        .matches("[0-9a-f]{64}");
  }

  @Test
  void everySingleFieldsNumberNameTypeAndLabelCount() {
    Set<String> seen = new HashSet<>();
    seen.add(fingerprint(WIRE));
    int changes = 1;
    for (int m = 0; m < WIRE.getMessageTypeCount(); m++) {
      for (int f = 0; f < WIRE.getMessageType(m).getFieldCount(); f++) {
        FieldDescriptorProto field = WIRE.getMessageType(m).getField(f);
        seen.add(fingerprint(with(m, f, field.toBuilder().setNumber(9000).build())));
        seen.add(fingerprint(with(m, f, field.toBuilder().setName("renamed").build())));
        seen.add(
            fingerprint(
                with(
                    m,
                    f,
                    field.toBuilder().setType(FieldDescriptorProto.Type.TYPE_SINT64).build())));
        seen.add(
            fingerprint(
                with(
                    m,
                    f,
                    field.toBuilder()
                        .setLabel(FieldDescriptorProto.Label.LABEL_REQUIRED)
                        .build())));
        changes += 4;
      }
    }
    assertThat(seen).hasSize(changes);
  }

  @Test
  void aFieldAddedOrRemovedCounts() {
    DescriptorProto first = WIRE.getMessageType(0);
    FieldDescriptorProto extra =
        FieldDescriptorProto.newBuilder()
            .setName("extra")
            .setNumber(500)
            .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL)
            .setType(FieldDescriptorProto.Type.TYPE_BOOL)
            .build();
    String added =
        fingerprint(WIRE.toBuilder().setMessageType(0, first.toBuilder().addField(extra)).build());
    String removed =
        fingerprint(WIRE.toBuilder().setMessageType(0, first.toBuilder().removeField(0)).build());
    assertThat(Set.of(fingerprint(WIRE), added, removed)).hasSize(3);
  }

  @Test
  void anEnumValuesNameAndNumberCount() {
    var first = WIRE.getEnumType(0);
    var value = first.getValue(1);
    String renumbered =
        fingerprint(
            WIRE.toBuilder()
                .setEnumType(0, first.toBuilder().setValue(1, value.toBuilder().setNumber(777)))
                .build());
    String renamed =
        fingerprint(
            WIRE.toBuilder()
                .setEnumType(0, first.toBuilder().setValue(1, value.toBuilder().setName("OTHER")))
                .build());
    assertThat(Set.of(fingerprint(WIRE), renumbered, renamed)).hasSize(3);
  }

  @Test
  void commentsOrderAndLanguageOptionsDoNotCount() {
    SourceCodeInfo comments =
        SourceCodeInfo.newBuilder()
            .addLocation(SourceCodeInfo.Location.newBuilder().setLeadingComments("something else"))
            .build();
    FileDescriptorProto.Builder other = WIRE.toBuilder().setSourceCodeInfo(comments);
    other.getOptionsBuilder().setJavaPackage("com.example");
    DescriptorProto moved = other.getMessageType(0);
    other.removeMessageType(0).addMessageType(moved);
    assertThat(fingerprint(other.build())).isEqualTo(fingerprint(WIRE));
  }

  private static FileDescriptorProto with(int message, int field, FieldDescriptorProto changed) {
    return WIRE.toBuilder()
        .setMessageType(message, WIRE.getMessageType(message).toBuilder().setField(field, changed))
        .build();
  }

  private static String fingerprint(FileDescriptorProto file) {
    return CanonicalSchema.fingerprint(List.of(file));
  }
}
