package io.linkout.kernel.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.kernel.api.CallOutcome;
import io.linkout.kernel.api.CallRequest;
import io.linkout.kernel.api.LoadOutcome;
import io.linkout.kernel.module.Errno;
import io.linkout.kernel.module.LoadedModule;
import io.linkout.kernel.module.ModuleState;
import io.linkout.kernel.module.Refusal;
import io.linkout.kernel.testing.SymbolsIn;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Who wins when two connections want different things of one name: docs/PROTOCOL.md, States. */
@ParameterizedClass
@EnumSource
class NameRacesTest {
  private final SymbolsIn symbols;
  private final SessionBench bench;
  private final SessionBench.Client owner;
  private final long base;

  NameRacesTest(SymbolsIn symbols) {
    this.symbols = symbols;
    bench = new SessionBench(symbols);
    owner = bench.client();
    base = owner.load("base", "sym");
  }

  /** Asks for a symbol of base; a client that knows it from base's file pins base. */
  private void resolve(SessionBench.Client client) {
    client.say(
        switch (symbols) {
          case KERNEL -> new Request.Resolve(List.of("sym"), true);
          case USERSPACE -> new Request.Pin("base", bench.module("base").loadId());
        });
  }

  private boolean found(SessionBench.Client client) {
    return switch (symbols) {
      case KERNEL -> ((Reply.Resolved) client.last()).symbols().getFirst() != null;
      case USERSPACE -> client.last() instanceof Reply.Done;
    };
  }

  private static void remove(SessionBench.Client client, String name) {
    client.say(new Request.Remove(name, false));
  }

  private static void busy(SessionBench.Client client, String why) {
    assertThat(client.refusal().errno()).isEqualTo(Errno.EBUSY);
    assertThat(client.refusal().reason()).contains(why);
    assertThat(client.finished).isFalse();
  }

  @Test
  void whatIsBeingRemovedIsNoDependencyAnyMore() {
    SessionBench.Client importer = bench.client();
    remove(owner, "base");
    resolve(importer);
    assertThat(found(importer)).isFalse();
    importer.say(new Request.Pin("base", base));
    assertThat(importer.refusal().errno()).isEqualTo(Errno.ENOENT);
    bench.cpu.runAll();
    assertThat(owner.last()).isInstanceOf(Reply.Removed.class);
    assertThat(bench.modules.count()).isZero();
  }

  @Test
  void aRemovalWhoseClientGoesBeforeExitBeganIsCalledOff() {
    SessionBench.Client importer = bench.client();
    remove(owner, "base");
    owner.session.close();
    resolve(importer);
    assertThat(found(importer)).isTrue();
    bench.cpu.runAll();
    assertThat(bench.module("base").state()).isEqualTo(ModuleState.LIVE);
    assertThat(bench.guest.journal()).containsExactly("load base");
  }

  @Test
  void anImporterThatResolvedFirstKeepsItsDependency() {
    SessionBench.Client importer = bench.client();
    resolve(importer);
    remove(owner, "base");
    busy(owner, "linking");
    importer.activate("user", i -> i.uses(base));
    remove(owner, "base");
    busy(owner, "in use by: user");
    bench.cpu.runAll();
    assertThat(importer.last()).isInstanceOf(Reply.Activated.class);
    remove(owner, "base");
    busy(owner, "in use by: user");
  }

  @Test
  void anImporterCannotDependOnALoadThatIsGone() {
    SessionBench.Client importer = bench.client();
    List<Long> before = bench.figures();
    resolve(importer);
    importer.session.close();
    remove(owner, "base");
    bench.cpu.runAll();
    owner.load("base", "sym");
    assertThat(bench.figures()).isEqualTo(before);
    SessionBench.Client late = bench.client();
    resolve(late);
    late.activate("user", i -> i.uses(base));
    assertThat(late.refusal().kind())
        .as("that load id was the old one's")
        .isEqualTo(Refusal.Kind.MISUSE);
    assertThat(bench.figures()).isEqualTo(before);
  }

  @Test
  void ofTwoImportersAndARemoverTheRemoverIsLast() {
    SessionBench.Client one = bench.client();
    SessionBench.Client two = bench.client();
    resolve(one);
    resolve(two);
    remove(owner, "base");
    busy(owner, "2 connections");
    one.activate("one", i -> i.uses(base));
    bench.cpu.runAll();
    remove(owner, "base");
    busy(owner, "in use by: one");
    // The first is gone again while the second still links.
    remove(one, "one");
    bench.cpu.runAll();
    remove(owner, "base");
    busy(owner, "1 connections");
    two.session.close();
    remove(owner, "base");
    bench.cpu.runAll();
    assertThat(owner.last()).isInstanceOf(Reply.Removed.class);
    assertThat(bench.modules.count()).isZero();
  }

  @Test
  void aPinsOwnerWhoseFunctionDiedIsStillADependency() {
    SessionBench.Client importer = bench.client();
    resolve(importer);
    bench.guest.onCall(c -> new CallOutcome.Oopsed(List.of("BUG: call")));
    long text = bench.module("base").segments().getFirst().address();
    owner.say(new Request.Call(new CallRequest(text, base, List.of())));
    importer.activate("user", i -> i.uses(base));
    bench.cpu.runAll();
    assertThat(owner.refusal().kind()).isEqualTo(Refusal.Kind.OOPS);
    assertThat(importer.last()).isInstanceOf(Reply.Activated.class);
    LoadedModule died = bench.module("base");
    assertThat(died.dead()).isTrue();
    assertThat(died.state()).isEqualTo(ModuleState.LIVE);
    assertThat(died.holders()).extracting(LoadedModule::name).containsExactly("user");
    SessionBench.Client later = bench.client();
    resolve(later);
    assertThat(found(later)).isTrue();
    later.session.close();
    remove(owner, "user");
    bench.cpu.runAll();
    remove(owner, "base");
    bench.cpu.runAll();
    assertThat(bench.modules.count()).isZero();
  }

  @Test
  void aModuleCannotBeRemovedDuringItsInit() {
    SessionBench.Client loader = bench.client();
    loader.activate("m", UnaryOperator.identity());
    remove(owner, "m");
    busy(owner, "being loaded or removed");
    Runnable outcome = bench.cpu.begin();
    owner.say(new Request.Remove("m", true));
    busy(owner, "being loaded or removed");
    outcome.run();
    assertThat(loader.last()).isInstanceOf(Reply.Activated.class);
    remove(owner, "m");
    bench.cpu.runAll();
    assertThat(owner.last()).isInstanceOf(Reply.Removed.class);
  }

  @Test
  void aRemovalAfterAnInitThatFailedFindsNothing() {
    bench.guest.onLoad(image -> new LoadOutcome.InitFailed(19));
    SessionBench.Client loader = bench.client();
    loader.activate("m", UnaryOperator.identity());
    bench.cpu.runAll();
    remove(owner, "m");
    assertThat(owner.refusal().errno()).isEqualTo(Errno.ENOENT);
  }

  @Test
  void aCallInAModuleThatIsBeingRemovedIsRefused() {
    SessionBench.Client caller = bench.client();
    long text = bench.module("base").segments().getFirst().address();
    remove(owner, "base");
    caller.say(new Request.Call(new CallRequest(text, base, List.of())));
    assertThat(caller.refusal().kind()).isEqualTo(Refusal.Kind.NOT_FOUND);
    caller.say(new Request.Call(new CallRequest(text, 0, List.of())));
    assertThat(caller.refusal().kind())
        .as("as a kernel function")
        .isEqualTo(Refusal.Kind.NOT_FOUND);
    bench.cpu.runAll();
    assertThat(bench.guest.journal()).containsExactly("load base", "unload 1");
  }

  @Test
  void aCallThatCameFirstIsMadeBeforeTheExit() {
    SessionBench.Client caller = bench.client();
    long text = bench.module("base").segments().getFirst().address();
    caller.say(new Request.Call(new CallRequest(text, base, List.of())));
    remove(owner, "base");
    bench.cpu.runAll();
    assertThat(caller.last()).isEqualTo(new Reply.Called(text, List.of()));
    assertThat(owner.last()).isInstanceOf(Reply.Removed.class);
    assertThat(bench.guest.journal())
        .containsExactly("load base", "call 0x" + Long.toHexString(text), "unload 1");
  }

  @Test
  void theMemoryMapDoesNotWaitForAnInit() {
    SessionBench.Client loader = bench.client();
    loader.activate("m", UnaryOperator.identity());
    owner.say(new Request.MemoryMap());
    assertThat(owner.last()).isInstanceOf(Reply.MemoryMap.class);
    assertThat(bench.cpu.waiting()).isEqualTo(1);
  }
}
