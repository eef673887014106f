package io.linkout.kernel.api.life;

import io.linkout.kernel.api.CallOutcome;
import io.linkout.kernel.api.CallRequest;
import io.linkout.kernel.api.CallRequest.Argument;
import io.linkout.kernel.api.KernelExport.Behaviour;
import io.linkout.kernel.api.image.SymbolBook;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Calls from outside: a function of a live module or of the kernel, with buffers. */
final class OutsideCalls {
  private static final String COMMAND = "kcall";

  private final GuestModules modules;
  private final SymbolBook symbols;
  private final CallBuffers buffers;
  private final GuestCalls calls;

  OutsideCalls(GuestModules modules, SymbolBook symbols, CallBuffers buffers, GuestCalls calls) {
    this.modules = modules;
    this.symbols = symbols;
    this.buffers = buffers;
    this.calls = calls;
  }

  CallOutcome call(CallRequest request) {
    Optional<String> refusal = refusal(request);
    if (refusal.isPresent()) {
      return new CallOutcome.NotCallable(refusal.get());
    }
    List<byte[]> contents = new ArrayList<>();
    for (Argument argument : request.arguments()) {
      if (argument instanceof Argument.Buffer buffer) {
        contents.add(buffer.content());
      }
    }
    try (CallBuffers.Placed placed = buffers.place(contents)) {
      return call(request, placed);
    } catch (CallBuffers.NoRoomException e) {
      return new CallOutcome.NoMemory();
    }
  }

  private CallOutcome call(CallRequest request, CallBuffers.Placed placed) {
    long[] values = new long[request.arguments().size()];
    int buffer = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (request.arguments().get(i)) {
            case Argument.Value(long value) -> value;
            case Argument.Buffer _ -> placed.address(buffer++);
          };
    }
    return switch (calls.call(request.loadId(), COMMAND, request.function(), values)) {
      case CallResult.Returned(long rax) ->
          new CallOutcome.Returned(rax, returned(request, placed));
      case CallResult.Oopsed(List<String> report) -> new CallOutcome.Oopsed(report);
      case CallResult.SoftLockup(List<String> report) -> new CallOutcome.SoftLockup(report);
    };
  }

  private static List<byte[]> returned(CallRequest request, CallBuffers.Placed placed) {
    List<byte[]> contents = new ArrayList<>();
    int index = 0;
    for (Argument argument : request.arguments()) {
      if (argument instanceof Argument.Buffer buffer) {
        if (buffer.returned()) {
          contents.add(placed.content(index, buffer.content().length));
        }
        index++;
      }
    }
    return contents;
  }

  private Optional<String> refusal(CallRequest request) {
    long function = request.function();
    if (request.loadId() == 0) {
      Optional<SymbolBook.Place> symbol = symbols.at(function);
      boolean callable =
          symbol.isPresent()
              && symbol.get().address() == function
              && symbol.get().behaviour() != Behaviour.DATA;
      return callable
          ? Optional.empty()
          : Optional.of(String.format("no kernel function begins at 0x%016x", function));
    }
    Optional<GuestModule> module = modules.byId(request.loadId());
    if (module.isEmpty()) {
      return Optional.of("the module is gone");
    }
    if (module.get().state() != GuestModule.State.LIVE) {
      return Optional.of(module.get().name() + " is not live");
    }
    return module.get().executes(function)
        ? Optional.empty()
        : Optional.of(String.format("0x%016x is no code of %s", function, module.get().name()));
  }
}
