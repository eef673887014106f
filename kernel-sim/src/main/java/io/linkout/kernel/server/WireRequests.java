package io.linkout.kernel.server;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.linkout.kernel.api.CallRequest;
import io.linkout.kernel.api.LoadImage;
import io.linkout.kernel.module.Activation;
import io.linkout.kernel.module.Errno;
import io.linkout.kernel.module.Refusal;
import io.linkout.kernel.module.SegmentSpec;
import io.linkout.kernel.session.Request;
import io.linkout.proto.wire.Activate;
import io.linkout.proto.wire.Allocate;
import io.linkout.proto.wire.Argument;
import io.linkout.proto.wire.Call;
import io.linkout.proto.wire.CauseKind;
import io.linkout.proto.wire.Export;
import io.linkout.proto.wire.ReportFailure;
import io.linkout.proto.wire.SegmentKind;
import io.linkout.proto.wire.Table;
import io.linkout.proto.wire.TableKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Translates requests of the wire. */
final class WireRequests {
  private final int callBytes;

  /** A translator that makes no call buffers of more than {@code callBytes} in all. */
  WireRequests(int callBytes) {
    this.callBytes = callBytes;
  }

  /**
   * Returns what {@code frame} says; the content of a write lies in the frame's memory.
   *
   * @throws InvalidProtocolBufferException if it is no request
   * @throws Refusal as of {@link #read(io.linkout.proto.wire.Request)}
   */
  Request read(ByteBuffer frame) throws InvalidProtocolBufferException {
    CodedInputStream in = UnsafeByteOperations.unsafeWrap(frame).newCodedInput();
    in.enableAliasing(true);
    try {
      return read(io.linkout.proto.wire.Request.parseFrom(in));
    } catch (InvalidProtocolBufferException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Returns what {@code wire} says.
   *
   * @throws Refusal (malformed) if it says nothing this kernel knows, (limit) for buffers too large
   */
  Request read(io.linkout.proto.wire.Request wire) {
    return switch (wire.getKindCase()) {
      case LIST_MODULES -> new Request.ListModules(wire.getListModules().getAfter());
      case RESOLVE ->
          new Request.Resolve(wire.getResolve().getNamesList(), wire.getResolve().getPin());
      case ALLOCATE -> allocate(wire.getAllocate());
      case WRITE ->
          new Request.Write(
              wire.getWrite().getHandle(),
              Integer.toUnsignedLong(wire.getWrite().getSegment()),
              wire.getWrite().getOffset(),
              wire.getWrite().getContent().asReadOnlyByteBuffer());
      case ACTIVATE -> activate(wire.getActivate());
      case REMOVE -> new Request.Remove(wire.getRemove().getName(), wire.getRemove().getForce());
      case CALL -> call(wire.getCall());
      case READ_LOG ->
          new Request.ReadLog(wire.getReadLog().getFollow(), wire.getReadLog().getClear());
      case CLEAR_LOG -> new Request.ClearLog();
      case STATS -> new Request.Stats();
      case FREE -> new Request.Free(wire.getFree().getHandle());
      case PIN -> new Request.Pin(wire.getPin().getModule(), wire.getPin().getLoadId());
      case LIST_EXPORTS -> new Request.ListExports();
      case MEMORY_MAP -> new Request.MemoryMap();
      case SESSIONS -> new Request.Sessions();
      case DISCONNECT -> new Request.Disconnect(wire.getDisconnect().getSession());
      case SHUTDOWN -> new Request.Shutdown();
      case RELOAD -> new Request.Reload(wire.getReload().getLogLevel());
      case REPORT_FAILURE -> reportFailure(wire.getReportFailure());
      case LOCATE -> new Request.Locate(wire.getLocate().getAddressesList());
      case KIND_NOT_SET -> throw malformed("a request that asks for nothing");
    };
  }

  static Refusal malformed(String message) {
    return new Refusal(Refusal.Kind.MALFORMED, Errno.EPROTO, message);
  }

  private static Request allocate(Allocate wire) {
    return new Request.Allocate(
        wire.getSegmentsList().stream()
            .map(s -> new SegmentSpec(kind(s.getKind()), s.getSize(), s.getAlignment()))
            .toList(),
        wire.getName());
  }

  private static Request activate(Activate wire) {
    return new Request.Activate(
        wire.getHandle(),
        new Activation(
            wire.getName(),
            wire.getVersion(),
            wire.getSrcversion(),
            wire.getVermagic(),
            wire.getInit(),
            wire.getExit(),
            wire.getThisModule(),
            wire.getThisModuleSize(),
            wire.getExportsList().stream().map(WireRequests::export).toList(),
            wire.getDependenciesList(),
            hex(wire.getBuildId()),
            wire.getTaints(),
            wire.getTablesList().stream().map(WireRequests::table).toList(),
            wire.getParametersList().stream()
                .map(
                    p ->
                        new LoadImage.ParameterCall(
                            p.getName(),
                            p.getSetFunction(),
                            p.getKernelParam(),
                            p.getText().toByteArray()))
                .toList(),
            wire.getPath(),
            wire.getIgnoredParametersList(),
            wire.getExportCount(),
            wire.getComparedUpTo()));
  }

  private static Activation.Export export(Export wire) {
    return new Activation.Export(
        wire.getName(),
        wire.getAddress(),
        wire.hasCrc() ? Integer.valueOf(wire.getCrc()) : null,
        wire.getGplOnly(),
        wire.getNamespace());
  }

  private static LoadImage.Table table(Table wire) {
    return new LoadImage.Table(kind(wire.getKind()), wire.getAddress(), wire.getLength());
  }

  private Request call(Call wire) {
    List<CallRequest.Argument> arguments = new ArrayList<>();
    long left = callBytes;
    for (Argument argument : wire.getArgumentsList()) {
      arguments.add(
          switch (argument.getKindCase()) {
            case VALUE -> new CallRequest.Argument.Value(argument.getValue());
            case INPUT -> new CallRequest.Argument.Buffer(argument.getInput().toByteArray(), false);
            case INOUT -> new CallRequest.Argument.Buffer(argument.getInout().toByteArray(), true);
            case OUTPUT -> {
              // Checked before it is made: a few bytes of request ask for up to 4 GiB here.
              long size = Integer.toUnsignedLong(argument.getOutput());
              if (size > left) {
                throw Refusal.limit("call buffers of more than %d bytes".formatted(callBytes));
              }
              yield new CallRequest.Argument.Buffer(new byte[(int) size], true);
            }
            case KIND_NOT_SET -> throw malformed("an argument without a value");
          });
      if (arguments.getLast() instanceof CallRequest.Argument.Buffer buffer) {
        left -= buffer.content().length;
      }
    }
    return new Request.Call(
        new CallRequest(wire.getFunction(), wire.getLoadId(), List.copyOf(arguments)));
  }

  private static Request reportFailure(ReportFailure wire) {
    return new Request.ReportFailure(
        wire.getModule(),
        wire.getCausesList().stream()
            .map(
                c ->
                    new Request.Cause(
                        kind(c.getKind()), c.getSubject(), c.getErrno(), c.getExpected()))
            .toList());
  }

  private static LoadImage.Kind kind(SegmentKind wire) {
    return switch (wire) {
      case TEXT -> LoadImage.Kind.TEXT;
      case RODATA -> LoadImage.Kind.RODATA;
      case RO_AFTER_INIT -> LoadImage.Kind.RO_AFTER_INIT;
      case DATA -> LoadImage.Kind.DATA;
      case INIT_TEXT -> LoadImage.Kind.INIT_TEXT;
      case INIT_DATA -> LoadImage.Kind.INIT_DATA;
      case INIT_RODATA -> LoadImage.Kind.INIT_RODATA;
      case PERCPU -> LoadImage.Kind.PERCPU;
      case SEGMENT_UNSPECIFIED, UNRECOGNIZED -> throw malformed("no such kind of segment");
    };
  }

  private static LoadImage.TableKind kind(TableKind wire) {
    return switch (wire) {
      case JUMP_TABLE -> LoadImage.TableKind.JUMP_TABLE;
      case STATIC_CALL_SITES -> LoadImage.TableKind.STATIC_CALL_SITES;
      case EX_TABLE -> LoadImage.TableKind.EX_TABLE;
      case BUG_TABLE -> LoadImage.TableKind.BUG_TABLE;
      case ORC_UNWIND_IP -> LoadImage.TableKind.ORC_UNWIND_IP;
      case ORC_UNWIND -> LoadImage.TableKind.ORC_UNWIND;
      case TRACEPOINTS_PTRS -> LoadImage.TableKind.TRACEPOINTS_PTRS;
      case CONSTRUCTORS -> LoadImage.TableKind.CONSTRUCTORS;
      case TABLE_UNSPECIFIED, UNRECOGNIZED -> throw malformed("no such kind of table");
    };
  }

  private static Request.CauseKind kind(CauseKind wire) {
    return switch (wire) {
      case UNKNOWN_SYMBOL -> Request.CauseKind.UNKNOWN_SYMBOL;
      case VERSION_DISAGREES -> Request.CauseKind.VERSION_DISAGREES;
      case BAD_VERMAGIC -> Request.CauseKind.BAD_VERMAGIC;
      case BAD_PARAMETER -> Request.CauseKind.BAD_PARAMETER;
      case UNKNOWN_PARAMETER -> Request.CauseKind.UNKNOWN_PARAMETER;
      case NAMESPACE_NOT_IMPORTED -> Request.CauseKind.NAMESPACE_NOT_IMPORTED;
      case DUPLICATE_EXPORT -> Request.CauseKind.DUPLICATE_EXPORT;
      case CAUSE_UNSPECIFIED, UNRECOGNIZED -> throw malformed("no such cause of a failure");
    };
  }

  private static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }
}
