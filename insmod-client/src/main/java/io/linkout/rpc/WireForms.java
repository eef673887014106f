package io.linkout.rpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.linkout.link.Activation;
import io.linkout.link.FailureCause;
import io.linkout.link.KernelException;
import io.linkout.link.KernelSymbol;
import io.linkout.link.ModuleExport;
import io.linkout.link.TableKind;
import io.linkout.proto.wire.Activate;
import io.linkout.proto.wire.Cause;
import io.linkout.proto.wire.CauseKind;
import io.linkout.proto.wire.Error;
import io.linkout.proto.wire.ErrorCode;
import io.linkout.proto.wire.Export;
import io.linkout.proto.wire.ParameterCall;
import io.linkout.proto.wire.ReportFailure;
import io.linkout.proto.wire.Request;
import io.linkout.proto.wire.SegmentKind;
import io.linkout.proto.wire.Symbol;
import io.linkout.proto.wire.Table;
import io.linkout.proto.wire.Write;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.List;

/** Turns the linker's records into messages, and back. */
final class WireForms {
  private WireForms() {}

  static SegmentKind kind(io.linkout.link.SegmentKind kind) {
    return switch (kind) {
      case TEXT -> SegmentKind.TEXT;
      case RODATA -> SegmentKind.RODATA;
      case RO_AFTER_INIT -> SegmentKind.RO_AFTER_INIT;
      case DATA -> SegmentKind.DATA;
      case INIT_TEXT -> SegmentKind.INIT_TEXT;
      case INIT_DATA -> SegmentKind.INIT_DATA;
      case INIT_RODATA -> SegmentKind.INIT_RODATA;
      case PERCPU -> SegmentKind.PERCPU;
    };
  }

  static KernelSymbol symbol(String name, Symbol symbol) {
    return new KernelSymbol(
        name,
        symbol.getAddress(),
        symbol.hasCrc() ? symbol.getCrc() : null,
        symbol.getGplOnly(),
        symbol.getNamespace(),
        symbol.getOwner(),
        symbol.getOwnerLoadId());
  }

  /**
   * Returns a request to write {@code content} bytes, but for these bytes themselves: they are its
   * end.
   */
  static byte[] writeHead(long handle, int segment, long offset, int content) {
    Write write =
        Write.newBuilder().setHandle(handle).setSegment(segment).setOffset(offset).build();
    int fields = write.getSerializedSize();
    int whole =
        fields
            + CodedOutputStream.computeTagSize(Write.CONTENT_FIELD_NUMBER)
            + CodedOutputStream.computeUInt32SizeNoTag(content)
            + content;
    int head =
        CodedOutputStream.computeTagSize(Request.WRITE_FIELD_NUMBER)
            + CodedOutputStream.computeUInt32SizeNoTag(whole)
            + whole
            - content;
    byte[] bytes = new byte[head];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      out.writeTag(Request.WRITE_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
      out.writeUInt32NoTag(whole);
      write.writeTo(out);
      out.writeTag(Write.CONTENT_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
      out.writeUInt32NoTag(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out.checkNoSpaceLeft();
    return bytes;
  }

  static Activate activate(long handle, Activation activation) {
    Activate.Builder activate = withoutExports(handle, activation);
    for (ModuleExport export : activation.exports()) {
      activate.addExports(export(export));
    }
    return activate.build();
  }

  /** Returns the same for a kernel that is told only how many exports there are. */
  static Activate counted(long handle, Activation activation, long comparedUpTo) {
    return withoutExports(handle, activation)
        .setExportCount(activation.exports().size())
        .setComparedUpTo(comparedUpTo)
        .build();
  }

  private static Activate.Builder withoutExports(long handle, Activation activation) {
    Activate.Builder activate =
        Activate.newBuilder()
            .setHandle(handle)
            .setName(activation.name())
            .setVersion(activation.version())
            .setSrcversion(activation.srcversion())
            .setVermagic(activation.vermagic())
            .setInit(activation.init())
            .setExit(activation.exit())
            .setThisModule(activation.thisModule())
            .setThisModuleSize(activation.thisModuleSize())
            .addAllDependencies(activation.dependencies())
            .setBuildId(ByteString.copyFrom(HexFormat.of().parseHex(activation.buildId())))
            .setTaints(activation.taints())
            .setPath(activation.path())
            .addAllIgnoredParameters(activation.ignoredParameters());
    for (Activation.Table table : activation.tables()) {
      activate.addTables(
          Table.newBuilder()
              .setKind(table(table.kind()))
              .setAddress(table.address())
              .setLength(table.length()));
    }
    for (Activation.ParameterCall parameter : activation.parameters()) {
      activate.addParameters(
          ParameterCall.newBuilder()
              .setName(parameter.name())
              .setSetFunction(parameter.setFunction())
              .setKernelParam(parameter.kernelParam())
              .setText(ByteString.copyFromUtf8(parameter.text())));
    }
    return activate;
  }

  private static Export export(ModuleExport export) {
    Export.Builder builder =
        Export.newBuilder()
            .setName(export.name())
            .setAddress(export.address())
            .setGplOnly(export.gplOnly())
            .setNamespace(export.namespace());
    Integer crc = export.crc();
    if (crc != null) {
      builder.setCrc(crc);
    }
    return builder.build();
  }

  private static io.linkout.proto.wire.TableKind table(TableKind kind) {
    return switch (kind) {
      case JUMP_TABLE -> io.linkout.proto.wire.TableKind.JUMP_TABLE;
      case STATIC_CALL_SITES -> io.linkout.proto.wire.TableKind.STATIC_CALL_SITES;
      case EX_TABLE -> io.linkout.proto.wire.TableKind.EX_TABLE;
      case BUG_TABLE -> io.linkout.proto.wire.TableKind.BUG_TABLE;
      case ORC_UNWIND_IP -> io.linkout.proto.wire.TableKind.ORC_UNWIND_IP;
      case ORC_UNWIND -> io.linkout.proto.wire.TableKind.ORC_UNWIND;
      case TRACEPOINTS_PTRS -> io.linkout.proto.wire.TableKind.TRACEPOINTS_PTRS;
      case CONSTRUCTORS -> io.linkout.proto.wire.TableKind.CONSTRUCTORS;
    };
  }

  static ReportFailure failure(String module, List<FailureCause> causes) {
    ReportFailure.Builder report = ReportFailure.newBuilder().setModule(module);
    for (FailureCause cause : causes) {
      report.addCauses(
          Cause.newBuilder()
              .setKind(cause(cause.kind()))
              .setSubject(cause.subject())
              .setErrno(cause.errno())
              .setExpected(cause.expected()));
    }
    return report.build();
  }

  private static CauseKind cause(FailureCause.Kind kind) {
    return switch (kind) {
      case UNKNOWN_SYMBOL -> CauseKind.UNKNOWN_SYMBOL;
      case VERSION_DISAGREES -> CauseKind.VERSION_DISAGREES;
      case BAD_VERMAGIC -> CauseKind.BAD_VERMAGIC;
      case BAD_PARAMETER -> CauseKind.BAD_PARAMETER;
      case UNKNOWN_PARAMETER -> CauseKind.UNKNOWN_PARAMETER;
      case NAMESPACE_NOT_IMPORTED -> CauseKind.NAMESPACE_NOT_IMPORTED;
      case DUPLICATE_EXPORT -> CauseKind.DUPLICATE_EXPORT;
    };
  }

  static KernelException refusal(Error error) {
    if (error.getCode() == ErrorCode.ERROR_STALE) {
      return new StaleException(error.getErrno(), error.getErrnoName(), error.getMessage());
    }
    return new KernelException(
        error.getErrno(),
        error.getErrnoName(),
        error.getMessage(),
        error.getDetail(),
        error.getOopsList());
  }
}
