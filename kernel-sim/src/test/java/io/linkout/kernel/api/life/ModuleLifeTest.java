package io.linkout.kernel.api.life;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.kernel.api.Assembly;
import io.linkout.kernel.api.CallOutcome;
import io.linkout.kernel.api.CallRequest;
import io.linkout.kernel.api.CallRequest.Argument;
import io.linkout.kernel.api.Caller;
import io.linkout.kernel.api.GuestCounters;
import io.linkout.kernel.api.GuestMachine;
import io.linkout.kernel.api.LoadImage.Kind;
import io.linkout.kernel.api.LoadOutcome;
import io.linkout.kernel.api.UnloadOutcome;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Loading, calling and unloading on the real CPU. */
class ModuleLifeTest {
  private static final int GFP_KERNEL = 0xcc0;

  private final GuestMachine machine = new GuestMachine();

  @AfterEach
  void close() {
    machine.close();
  }

  private Assembly asm() {
    return new Assembly().enter();
  }

  @Test
  void initSaysHelloAndExitGoodbye() {
    GuestMachine.Module module = machine.module("hello");
    long printk = machine.address("_printk");
    module.init(asm().argument(0, module.text("hello %d\n")).argument(1, 42).call(printk).leave(0));
    module.exit(asm().argument(0, module.text("bye\n")).call(printk).leave(0));
    assertThat(module.load()).isInstanceOf(LoadOutcome.Live.class);
    assertThat(machine.lines()).contains("hello 42");
    assertThat(module.unload()).isEqualTo(new UnloadOutcome.Gone(List.of()));
    assertThat(machine.lines()).contains("bye");
    assertThat(machine.kernel.memoryMap()).noneMatch(r -> r.owner().equals("hello"));
  }

  @Test
  void whatInitReturnsDecides() {
    GuestMachine.Module failing = machine.module("failing");
    failing.init(asm().leave(-19));
    assertThat(failing.load()).isEqualTo(new LoadOutcome.InitFailed(19));
    GuestMachine.Module odd = machine.module("odd");
    odd.init(asm().leave(3));
    assertThat(odd.load())
        .isInstanceOfSatisfying(
            LoadOutcome.Live.class, live -> assertThat(live.initResult()).isEqualTo(3));
    assertThat(machine.lines()).anyMatch(l -> l.contains("suspiciously returned 3"));
    assertThat(machine.kernel.memoryMap()).noneMatch(r -> r.owner().equals("failing"));
  }

  @Test
  void aNullPointerIsAnOopsAndAllIsUndone() {
    GuestCounters before = machine.kernel.counters();
    GuestMachine.Module module = machine.module("bad");
    machine.kernel.onBehalfOf(new Caller(4711, "modprobe"));
    module.init(
        asm()
            .argument(0, 100)
            .argument(1, GFP_KERNEL)
            .call(machine.address("__kmalloc"))
            .rax(0)
            .bytes(0x48, 0x8b, 0x00)
            .leave());
    assertThat(module.load())
        .isInstanceOfSatisfying(
            LoadOutcome.Oopsed.class,
            oops -> assertThat(oops.report().getFirst()).contains("NULL pointer dereference"));
    assertThat(machine.lines()).anyMatch(l -> l.contains("RIP: 0010:bad+0x"));
    assertThat(machine.lines())
        .as("who ran, and whence the names of its functions can be had when it is gone")
        .anyMatch(l -> l.startsWith("CPU: 0 PID: 4711 Comm: modprobe "))
        .anyMatch(
            l ->
                l.matches(
                    "linkout: module bad: text 0x[0-9a-f]{16}-0x[0-9a-f]{16},"
                        + " build id 0123456789abcdef, file bad.ko"));
    GuestCounters after = machine.kernel.counters();
    assertThat(after.oopses()).isEqualTo(before.oopses() + 1);
    assertThat(after.heapObjects()).isEqualTo(before.heapObjects());
    assertThat(after.taints()).isEqualTo("D");
  }

  @Test
  void anEndlessLoopIsStopped() {
    GuestMachine.Module module = machine.module("loop");
    module.init(new Assembly().bytes(0xeb, 0xfe));
    assertThat(module.load()).isInstanceOf(LoadOutcome.SoftLockup.class);
    assertThat(machine.kernel.counters().softLockups()).isEqualTo(1);
  }

  @Test
  void leaksAreReportedAndReclaimed() {
    GuestMachine.Module module = machine.module("leaky");
    module.init(
        asm()
            .argument(0, 100)
            .argument(1, GFP_KERNEL)
            .call(machine.address("__kmalloc"))
            .argument(0, 5000)
            .call(machine.address("vmalloc"))
            .leave(0));
    assertThat(module.load()).isInstanceOf(LoadOutcome.Live.class);
    assertThat(machine.kernel.counters().heapObjects()).isEqualTo(2);
    assertThat(machine.kernel.counters().heapBytes()).isEqualTo(5100);
    assertThat(module.unload())
        .isInstanceOfSatisfying(
            UnloadOutcome.Gone.class,
            gone ->
                assertThat(gone.leaks())
                    .extracting(UnloadOutcome.Leak::what, UnloadOutcome.Leak::size)
                    .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("kmalloc-128", 100L),
                        org.assertj.core.groups.Tuple.tuple("vmalloc", 5000L)));
    assertThat(machine.kernel.counters().heapObjects()).isZero();
    List<String> lines = machine.lines();
    int first = lines.size() - 3;
    assertThat(lines.get(first))
        .as("whence the names of the makers can be had")
        .startsWith("linkout: module leaky: text 0x")
        .endsWith(", build id 0123456789abcdef, file leaky.ko");
    assertThat(lines.get(first + 1)).startsWith("linkout: leaky left kmalloc-128");
    assertThat(lines.get(first + 2)).startsWith("linkout: leaky left vmalloc");
  }

  @Test
  void aDoubleFreeEndsTheCall() {
    GuestMachine.Module module = machine.module("twice");
    long kfree = machine.address("kfree");
    module.init(
        asm()
            .argument(0, 64)
            .argument(1, GFP_KERNEL)
            .call(machine.address("__kmalloc"))
            .keep()
            .argumentFromRbx(0)
            .call(kfree)
            .argumentFromRbx(0)
            .call(kfree)
            .leave(0));
    assertThat(module.load())
        .isInstanceOfSatisfying(
            LoadOutcome.Oopsed.class,
            oops ->
                assertThat(oops.report())
                    .anyMatch(l -> l.contains("kmalloc-64") && l.contains("already free")));
  }

  @Test
  void initSegmentsGoAndConstantsCannotBeWritten() {
    GuestMachine.Module module = machine.module("segments");
    long initText = 0xffffffffa8000000L;
    long initData = 0xffffffffa8010000L;
    long readOnly = 0xffffffffa8020000L;
    MemorySegment code = module.segment(Kind.INIT_TEXT, initText);
    module.segment(Kind.INIT_DATA, initData);
    module.segment(Kind.RO_AFTER_INIT, readOnly);
    byte[] init = asm().rax(7).store(initData).store(readOnly).leave(0).code();
    MemorySegment.copy(init, 0, code, ValueLayout.JAVA_BYTE, 0, init.length);
    long write = module.code(asm().rax(8).store(readOnly).leave(0));
    module.init(asm().call(initText).leave(0));
    assertThat(module.load()).isInstanceOf(LoadOutcome.Live.class);
    assertThat(machine.kernel.memoryMap())
        .filteredOn(r -> r.owner().equals("segments"))
        .extracting(r -> r.protection() + " " + r.what())
        .containsExactlyInAnyOrder(
            "r-x module text", "rw- module data", "r-- module ro_after_init");
    assertThat(machine.kernel.call(new CallRequest(write, module.id, List.of())))
        .isInstanceOf(CallOutcome.Oopsed.class);
  }

  @Test
  void buffersOfACallComeBack() {
    GuestMachine.Module module = machine.module("callee");
    long memcpy = machine.address("memcpy");
    assertThat(module.load()).isInstanceOf(LoadOutcome.Live.class);
    CallOutcome outcome =
        machine.kernel.call(
            new CallRequest(
                memcpy,
                0,
                List.of(
                    new Argument.Buffer(new byte[5], true),
                    new Argument.Buffer(new byte[] {1, 2, 3, 4, 5, 6}, false),
                    new Argument.Value(5))));
    assertThat(outcome)
        .isInstanceOfSatisfying(
            CallOutcome.Returned.class,
            r -> assertThat(r.buffers()).containsExactly(new byte[] {1, 2, 3, 4, 5}));
    assertThat(machine.kernel.memoryMap()).noneMatch(r -> r.what().equals("call buffer"));
  }

  @Test
  void onlyFunctionsCanBeCalled() {
    GuestMachine.Module module = machine.module("callee");
    module.load();
    for (long address :
        new long[] {
          machine.address("jiffies"), machine.address("memcpy") + 1, 0, module.thisModule()
        }) {
      assertThat(machine.kernel.call(new CallRequest(address, 0, List.of())))
          .isInstanceOf(CallOutcome.NotCallable.class);
      assertThat(machine.kernel.call(new CallRequest(address, module.id, List.of())))
          .isInstanceOf(CallOutcome.NotCallable.class);
    }
  }

  @Test
  void parametersOfItsOwnAreSetBeforeInit() {
    GuestMachine.Module module = machine.module("param");
    long seen = module.data(new byte[8]);
    // Stores what kernel_param is, and returns the text's first letter less '0'.
    long set =
        module.code(
            new Assembly()
                .bytes(0x48, 0x89, 0xf0)
                .store(seen)
                .bytes(0x0f, 0xbe, 0x07, 0x83, 0xe8, 0x30, 0xc3));
    module.parameter("level", set, 0x1234, "2");
    assertThat(module.load()).isInstanceOf(LoadOutcome.Live.class);
    assertThat(module.quad(seen)).isEqualTo(0x1234);
    GuestMachine.Module refusing = machine.module("refusing");
    // Returns -EINVAL.
    long refuse = refusing.code(new Assembly().rax(-22).bytes(0xc3));
    refusing.parameter("level", refuse, 0, "x");
    assertThat(refusing.load()).isEqualTo(new LoadOutcome.ParameterFailed("level", 22));
  }

  @Test
  void anExitThatDiesLeavesADeadModuleAndIsNotRunAgain() {
    GuestMachine.Module module = machine.module("undead");
    module.exit(new Assembly().bytes(0x0f, 0x0b));
    module.load();
    assertThat(module.unload()).isInstanceOf(UnloadOutcome.Oopsed.class);
    assertThat(machine.kernel.memoryMap()).anyMatch(r -> r.owner().equals("undead"));
    assertThat(machine.kernel.unload(module.id)).isInstanceOf(UnloadOutcome.Gone.class);
    assertThat(machine.kernel.memoryMap()).noneMatch(r -> r.owner().equals("undead"));
  }

  @Test
  void referencesAreToldAndSeenInTheStructure() {
    GuestMachine.Module module = machine.module("held");
    module.init(
        asm()
            .argument(0, module.thisModule())
            .call(machine.address("__module_get"))
            .argument(0, module.thisModule())
            .call(machine.address("module_put"))
            .argument(0, module.thisModule())
            .call(machine.address("try_module_get"))
            .leave(0));
    assertThat(module.load()).isInstanceOf(LoadOutcome.Live.class);
    assertThat(machine.references).containsExactly("1:1", "1:-1", "1:1");
  }
}
