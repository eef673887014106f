package io.linkout.proto;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/**
 * A compiled schema in a form that depends only on what matters on the wire and to a reader of it:
 * packages, message, field and enum names, numbers, types, labels and oneofs. Comments, the order
 * of declarations and language options do not change it.
 *
 * <p>One line a field, such as {@code linkout.Write 2 optional uint32 segment}; lines are sorted.
 */
public final class CanonicalSchema {
  private CanonicalSchema() {}

  /** Returns the canonical form of {@code files}: lines of ASCII text, each ended by a newline. */
  public static String text(List<FileDescriptorProto> files) {
    List<String> lines = new ArrayList<>();
    for (FileDescriptorProto file : files) {
      lines.add("syntax " + file.getPackage() + " " + file.getSyntax());
      file.getMessageTypeList().forEach(m -> message(file.getPackage(), m, lines));
      file.getEnumTypeList().forEach(e -> enumeration(file.getPackage(), e, lines));
    }
    lines.sort(Comparator.naturalOrder());
    return String.join("\n", lines) + "\n";
  }

  /** Returns the SHA-256 of {@link #text} as 64 lower-case hexadecimal digits. */
  public static String fingerprint(List<FileDescriptorProto> files) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(text(files).getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static void message(String scope, DescriptorProto message, List<String> lines) {
    String name = scope + "." + message.getName();
    lines.add("message " + name);
    for (FieldDescriptorProto field : message.getFieldList()) {
      lines.add(field(name, message, field));
    }
    message.getNestedTypeList().forEach(m -> message(name, m, lines));
    message.getEnumTypeList().forEach(e -> enumeration(name, e, lines));
  }

  private static String field(String scope, DescriptorProto message, FieldDescriptorProto field) {
    StringBuilder line = new StringBuilder("field ").append(scope);
    line.append(' ').append(field.getNumber());
    line.append(' ').append(word(field.getLabel().name()));
    line.append(' ').append(word(field.getType().name()));
    if (!field.getTypeName().isEmpty()) {
      line.append(' ').append(field.getTypeName());
    }
    line.append(' ').append(field.getName());
    if (field.getProto3Optional()) {
      line.append(" presence");
    } else if (field.hasOneofIndex()) {
      line.append(" oneof ").append(message.getOneofDecl(field.getOneofIndex()).getName());
    }
    if (field.getOptions().hasPacked()) {
      line.append(" packed=").append(field.getOptions().getPacked());
    }
    return line.toString();
  }

  private static void enumeration(String scope, EnumDescriptorProto type, List<String> lines) {
    String name = scope + "." + type.getName();
    lines.add("enum " + name);
    for (EnumValueDescriptorProto value : type.getValueList()) {
      lines.add("value " + name + " " + value.getNumber() + " " + value.getName());
    }
  }

  /**
   * {@code LABEL_OPTIONAL} becomes {@code optional}, {@code TYPE_UINT32} becomes {@code uint32}.
   */
  private static String word(String constant) {
    return constant.substring(constant.indexOf('_') + 1).toLowerCase(java.util.Locale.ROOT);
  }
}
