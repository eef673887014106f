package io.linkout.kernel.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.kernel.api.CallOutcome;
import io.linkout.kernel.api.CallRequest;
import io.linkout.kernel.module.Errno;
import io.linkout.kernel.module.Handle;
import io.linkout.kernel.module.Images;
import io.linkout.kernel.module.LoadedModule;
import io.linkout.kernel.module.Refusal;
import io.linkout.kernel.module.SegmentSpec;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What one session may do, in which order it is done, and what is left when it ends. */
class SessionTest {
  private final SessionBench bench = new SessionBench();

  private static Request.Write write(long handle, int bytes) {
    return new Request.Write(handle, 0, 0, ByteBuffer.allocate(bytes));
  }

  @Test
  void closingReturnsEverythingItOwned() {
    SessionBench.Client owner = bench.client();
    owner.load("base", "sym");
    List<Long> before = bench.figures();
    SessionBench.Client client = bench.client();
    client.allocate();
    client.allocate();
    client.say(new Request.Resolve(List.of("sym", "kfree", "nothing"), true));
    client.say(new Request.ReadLog(true, false));
    assertThat(bench.figures()).isNotEqualTo(before);
    client.session.close();
    assertThat(bench.figures()).isEqualTo(before);
    assertThat(client.finished).isTrue();
    bench.kmsg.log(6, "unheard");
    bench.runLoop();
    assertThat(client.heard).noneMatch(r -> r.toString().contains("unheard"));
    client.session.close();
    assertThat(bench.figures()).isEqualTo(before);
  }

  @Test
  void anActivateNotBegunIsCalledOffByClosing() {
    List<Long> before = bench.figures();
    SessionBench.Client client = bench.client();
    client.activate("m", UnaryOperator.identity());
    client.session.close();
    assertThat(bench.figures()).isEqualTo(before);
    bench.cpu.runAll();
    assertThat(bench.guest.journal()).isEmpty();
  }

  @Test
  void anActivateThatBeganHasItsOutcomeWhoeverHearsOfIt() {
    SessionBench.Client client = bench.client();
    client.load("base", "sym");
    SessionBench.Client second = bench.client();
    second.say(new Request.Resolve(List.of("sym"), true));
    second.activate("m", i -> i.uses(1));
    Runnable outcome = bench.cpu.begin();
    second.session.close();
    outcome.run();
    assertThat(bench.modules.find("m")).isNotNull();
    assertThat(bench.handles.count()).isZero();
    assertThat(bench.module("base").pins()).isZero();
    assertThat(bench.module("base").references()).isEqualTo(1);
  }

  @Test
  void aLoadThatFailsAfterItsClientIsGoneLeavesNothing() {
    List<Long> before = bench.figures();
    bench.guest.onLoad(image -> new io.linkout.kernel.api.LoadOutcome.InitFailed(19));
    SessionBench.Client client = bench.client();
    client.activate("m", UnaryOperator.identity());
    Runnable outcome = bench.cpu.begin();
    client.session.close();
    outcome.run();
    assertThat(bench.figures()).isEqualTo(before);
  }

  @Test
  void requestsWaitForTheCpuInOrder() {
    SessionBench.Client client = bench.client();
    client.activate("m", UnaryOperator.identity());
    client.say(new Request.Stats(), new Request.Remove("m", false), new Request.ListModules(0));
    assertThat(client.heard).hasSize(1);
    bench.cpu.runNext();
    assertThat(client.heard).hasSize(3);
    assertThat(client.heard.get(1)).isInstanceOf(Reply.Activated.class);
    assertThat(client.last()).isInstanceOf(Reply.Figures.class);
    bench.cpu.runNext();
    assertThat(client.heard.get(3)).isInstanceOf(Reply.Removed.class);
    assertThat(client.last())
        .isInstanceOfSatisfying(Reply.Modules.class, m -> assertThat(m.modules()).isEmpty());
  }

  @Test
  void onlyModulesThatCameLaterAreListedIfAsked() {
    SessionBench.Client client = bench.client();
    client.load("a", "of_a");
    long b = client.load("b", "of_b");
    client.load("c", "of_c");
    client.load("d", "of_d");
    client.allocate();
    client.say(new Request.ListModules(b));
    assertThat(client.last())
        .isInstanceOfSatisfying(
            Reply.Modules.class,
            m -> {
              assertThat(m.modules()).extracting(LoadedModule::name).containsExactly("d", "c");
              assertThat(m.handles()).isEmpty();
            });
    client.say(new Request.ListModules(-1));
    assertThat(client.last())
        .isInstanceOfSatisfying(Reply.Modules.class, m -> assertThat(m.modules()).isEmpty());
  }

  @Test
  void activationTurnsPinsIntoDependencies() {
    SessionBench.Client client = bench.client();
    long base = client.load("base", "sym");
    client.say(new Request.Resolve(List.of("sym"), true));
    assertThat(client.statistics().pins()).isEqualTo(1);
    client.activate("user", i -> i.uses(base));
    assertThat(client.heard).isNotEmpty();
    bench.cpu.runAll();
    assertThat(client.statistics().pins()).isZero();
    assertThat(bench.module("base").holders()).extracting(m -> m.name()).containsExactly("user");
  }

  @Test
  void aDashInTheNameOfAModuleIsAnUnderscore() {
    SessionBench.Client client = bench.client();
    List<Long> before = bench.figures();
    client.load("a-b", "sym");
    assertThat(bench.module("a_b").name()).isEqualTo("a_b");
    client.activate("a_b", UnaryOperator.identity());
    assertThat(client.refusal().errno()).isEqualTo(Errno.EEXIST);
    client.say(new Request.Remove("a-b", false));
    bench.cpu.runAll();
    assertThat(bench.figures()).isEqualTo(before);
  }

  @Test
  void lookingWithoutPinsHoldsNothing() {
    SessionBench.Client client = bench.client();
    client.load("base", "sym");
    client.say(new Request.Resolve(List.of("sym"), false));
    assertThat(client.statistics().pins()).isZero();
  }

  @Test
  void aModuleIsPinnedByNameAndLoadId() {
    SessionBench.Client client = bench.client();
    long base = client.load("base", "sym");
    client.say(new Request.Pin("base", base + 1));
    assertThat(client.refusal().errno()).isEqualTo(Errno.ENOENT);
    client.say(new Request.Pin("none", base));
    assertThat(client.refusal().errno()).isEqualTo(Errno.ENOENT);
    client.say(new Request.Pin("base", base), new Request.Pin("base", base));
    assertThat(client.last()).isInstanceOf(Reply.Done.class);
    assertThat(client.statistics().pins()).isEqualTo(1);
    client.say(new Request.Remove("base", true));
    assertThat(client.refusal().errno()).isEqualTo(Errno.EBUSY);
  }

  @Test
  void misuseIsAnsweredOnceAndEndsTheSession() {
    List<Long> before = bench.figures();
    SessionBench.Client victim = bench.client();
    Handle handle = victim.allocate();
    List<Long> held = bench.figures();
    SessionBench.Client thief = bench.client();
    thief.allocate();
    thief.say(write(handle.id(), 8), new Request.Stats());
    assertThat(thief.heard).hasSize(2);
    assertThat(thief.refusal().kind()).isEqualTo(Refusal.Kind.MISUSE);
    assertThat(thief.finished).isTrue();
    assertThat(thief.session.closed()).isTrue();
    assertThat(bench.figures()).isEqualTo(held);
    victim.say(new Request.Free(handle.id()), new Request.Free(handle.id()));
    assertThat(victim.refusal().kind()).isEqualTo(Refusal.Kind.MISUSE);
    assertThat(bench.figures()).isEqualTo(before);
  }

  @Test
  void aRefusedActivateTakesItsHandleAlong() {
    SessionBench.Client client = bench.client();
    client.load("m", "sym");
    Handle handle = client.activate("m", UnaryOperator.identity());
    assertThat(client.refusal().errno()).isEqualTo(Errno.EEXIST);
    assertThat(bench.handles.count()).isZero();
    client.say(write(handle.id(), 1));
    assertThat(client.refusal().kind()).isEqualTo(Refusal.Kind.MISUSE);
  }

  @Test
  void aHandleBeingActivatedCannotBeFreed() {
    SessionBench.Client client = bench.client();
    Handle handle = client.activate("m", UnaryOperator.identity());
    client.say(new Request.Free(handle.id()));
    bench.cpu.runAll();
    assertThat(client.refusal().kind()).isEqualTo(Refusal.Kind.MISUSE);
    assertThat(bench.modules.find("m")).isNotNull();
  }

  @Test
  void followersOfTheLogAreCounted() {
    Request follow = new Request.ReadLog(true, false);
    SessionBench.Client first = bench.client();
    first.say(follow);
    bench.client().say(follow);
    SessionBench.Client third = bench.client();
    third.say(follow);
    assertThat(third.refusal().kind()).isEqualTo(Refusal.Kind.LIMIT);
    assertThat(third.refusal().reason()).contains("followers of the log");
    first.session.close();
    SessionBench.Client fourth = bench.client();
    fourth.say(follow);
    assertThat(fourth.finished).isFalse();
  }

  @Test
  void aReaderMayListAndReadAndNothingElse() {
    SessionBench.Client owner = bench.client();
    owner.load("base", "sym");
    Handle handle = owner.allocate();
    List<Long> before = bench.figures();
    List<Request> may =
        List.of(
            new Request.ListModules(0),
            new Request.Stats(),
            new Request.Sessions(),
            new Request.ReadLog(false, false));
    List<Request> mayNot =
        List.of(
            new Request.ReadLog(false, true),
            new Request.ReadLog(true, true),
            new Request.ClearLog(),
            new Request.Resolve(List.of("sym"), true),
            new Request.Allocate(
                List.of(new SegmentSpec(io.linkout.kernel.api.LoadImage.Kind.DATA, 1, 1)), ""),
            write(handle.id(), 1),
            new Request.Activate(handle.id(), Images.of("mine", handle).build()),
            new Request.Remove("base", true),
            new Request.Call(new CallRequest(1, 0, List.of())),
            new Request.Free(handle.id()),
            new Request.Pin("base", 1),
            new Request.ListExports(),
            new Request.MemoryMap(),
            new Request.Disconnect(1),
            new Request.Shutdown(),
            new Request.Reload(""),
            new Request.ReportFailure("base", List.of()),
            new Request.Locate(List.of(1L)));
    Set<Class<?>> asked = new HashSet<>();
    may.forEach(request -> asked.add(request.getClass()));
    mayNot.forEach(request -> asked.add(request.getClass()));
    assertThat(asked)
        .as("every request there is")
        .isEqualTo(Set.of(Request.class.getPermittedSubclasses()));
    SessionBench.Client reader = bench.client(SessionBench.READER_UID);
    for (Request request : may) {
      reader.say(request);
      assertThat(reader.last()).isNotInstanceOf(Reply.Refused.class);
    }
    for (Request request : mayNot) {
      int heard = reader.heard.size();
      reader.say(request);
      assertThat(reader.heard).as("%s", request).hasSize(heard + 1);
      assertThat(reader.refusal().errno()).as("%s", request).isEqualTo(Errno.EPERM);
      assertThat(reader.finished).isFalse();
    }
    assertThat(bench.controls).isEmpty();
    reader.session.close();
    assertThat(bench.figures()).isEqualTo(before);
    assertThat(bench.module("base")).isNotNull();
  }

  @Test
  void limitsEndTheSession() {
    List<Long> before = bench.figures();
    List<Request> over =
        List.of(
            new Request.Resolve(java.util.Collections.nCopies(17, "x"), false),
            new Request.Locate(java.util.Collections.nCopies(17, 1L)),
            new Request.Allocate(
                List.of(new SegmentSpec(io.linkout.kernel.api.LoadImage.Kind.DATA, 2 << 20, 1)),
                ""),
            new Request.Allocate(
                java.util.Collections.nCopies(
                    257, new SegmentSpec(io.linkout.kernel.api.LoadImage.Kind.DATA, 1, 1)),
                ""),
            new Request.Call(
                new CallRequest(
                    1, 0, java.util.Collections.nCopies(13, new CallRequest.Argument.Value(1)))),
            new Request.Call(
                new CallRequest(
                    1, 0, List.of(new CallRequest.Argument.Buffer(new byte[65], false)))));
    for (Request request : over) {
      SessionBench.Client client = bench.client();
      client.say(request);
      assertThat(client.refusal().kind()).isEqualTo(Refusal.Kind.LIMIT);
      assertThat(client.finished).isTrue();
    }
    SessionBench.Client client = bench.client();
    for (int i = 0; i < 5; i++) {
      client.say(new Request.Allocate(Images.SEGMENTS, "x"));
    }
    assertThat(client.refusal().kind()).isEqualTo(Refusal.Kind.LIMIT);
    assertThat(bench.figures()).isEqualTo(before);
  }

  @Test
  void tooManyRequestsWithoutAnAnswerEndTheSession() {
    SessionBench.Client client = bench.client();
    client.activate("m", UnaryOperator.identity());
    for (int i = 0; i < 8; i++) {
      client.say(new Request.Stats());
    }
    assertThat(client.finished).isFalse();
    client.say(new Request.Stats());
    assertThat(client.refusal().kind()).isEqualTo(Refusal.Kind.LIMIT);
    assertThat(bench.cpu.waiting()).isZero();
  }

  @Test
  void writesThatWaitHoldUpTheReaderAndAreNotCounted() {
    SessionBench.Client client = bench.client();
    Handle second = client.allocate();
    client.activate("m", UnaryOperator.identity());
    Request.Write write = write(second.id(), 8);
    for (int i = 0; i < 20; i++) {
      write.content().putLong(0, i);
      client.session.receive(write, 100_000);
    }
    write.content().putLong(0, -1);
    assertThat(client.session.full()).isTrue();
    assertThat(client.readOns).isZero();
    bench.cpu.runAll();
    assertThat(client.session.full()).isFalse();
    assertThat(client.readOns).isEqualTo(1);
    assertThat(client.finished).isFalse();
    assertThat(second.segments().getFirst().host().get(ValueLayout.JAVA_BYTE, 7))
        .isEqualTo((byte) 19);
  }

  @Test
  void nothingIsDoneForAClientThatDoesNotTakeItsReplies() {
    SessionBench.Client client = bench.client();
    client.writable = false;
    client.say(new Request.Stats(), new Request.Stats());
    assertThat(client.heard).isEmpty();
    client.writable = true;
    client.session.writable();
    assertThat(client.heard).hasSize(2);
  }

  @Test
  void aLongAnswerComesInPartsAsTheyAreTaken() {
    SessionBench.Client client = bench.client();
    for (int i = 0; i < 1000; i++) {
      bench.kmsg.log(6, "line " + i);
    }
    List<String> texts = new ArrayList<>();
    client.say(new Request.ReadLog(false, false), new Request.Stats());
    for (Reply reply : client.heard.subList(0, client.heard.size() - 1)) {
      assertThat(reply)
          .isInstanceOfSatisfying(
              Reply.Log.class, l -> l.records().forEach(r -> texts.add(r.text())));
    }
    assertThat(texts).hasSize(1000).startsWith("line 0").endsWith("line 999");
    assertThat(client.heard).hasSizeGreaterThan(2);
    assertThat(((Reply.Log) client.heard.get(client.heard.size() - 2)).last()).isTrue();
    assertThat(((Reply.Log) client.heard.getFirst()).last()).isFalse();
    assertThat(client.last()).isInstanceOf(Reply.Figures.class);
  }

  @Test
  void readingAndClearingTheLogIsOneStep() {
    SessionBench.Client client = bench.client();
    bench.kmsg.log(6, "old");
    client.say(new Request.ReadLog(false, true));
    assertThat(client.last().toString()).contains("old");
    bench.kmsg.log(6, "new");
    client.say(new Request.ReadLog(false, false));
    assertThat(client.last().toString()).contains("new").doesNotContain("old");
    client.say(new Request.ClearLog(), new Request.ReadLog(false, false));
    assertThat(client.last()).isEqualTo(new Reply.Log(List.of(), true));
  }

  @Test
  void aFollowerHearsWhatWasAndWhatComesAndAsksNothingMore() {
    SessionBench.Client client = bench.client();
    bench.kmsg.log(6, "before");
    client.say(new Request.ReadLog(true, false));
    assertThat(client.last().toString()).contains("before");
    bench.kmsg.log(6, "one");
    bench.kmsg.log(6, "two");
    assertThat(bench.loop).as("woken once").hasSize(1);
    bench.runLoop();
    assertThat(client.last().toString()).contains("one").contains("two");
    client.writable = false;
    bench.kmsg.log(6, "three");
    bench.runLoop();
    assertThat(client.heard).hasSize(2);
    client.writable = true;
    client.session.writable();
    assertThat(client.last().toString()).contains("three");
    client.say(new Request.Stats());
    assertThat(client.refusal().kind()).isEqualTo(Refusal.Kind.MALFORMED);
  }

  @Test
  void exportsAreListedByNameAcrossParts() {
    SessionBench.Client client = bench.client();
    List<io.linkout.kernel.symbol.ExportedSymbol> many = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      many.add(
          new io.linkout.kernel.symbol.ExportedSymbol(
              "sym%05d".formatted(i), i, null, false, "", 0));
    }
    bench.exports.add(many);
    client.say(new Request.ListExports());
    List<String> names = new ArrayList<>();
    client.heard.forEach(
        r -> ((Reply.Exports) r).symbols().forEach(s -> names.add(s.symbol().name())));
    assertThat(names).hasSize(2003).isSorted().doesNotHaveDuplicates();
    assertThat(((Reply.Exports) client.last()).last()).isTrue();
  }

  @Test
  void callsReachLiveModulesAndTheKernel() {
    SessionBench.Client client = bench.client();
    long base = client.load("base", "sym");
    long text = bench.module("base").segments().getFirst().address();
    client.say(new Request.Call(new CallRequest(text, base, List.of())));
    bench.cpu.runAll();
    assertThat(client.last()).isEqualTo(new Reply.Called(text, List.of()));
    client.say(new Request.Call(new CallRequest(text, base + 9, List.of())));
    assertThat(client.refusal().kind()).isEqualTo(Refusal.Kind.NOT_FOUND);
    client.say(new Request.Call(new CallRequest(text + 0x1000, base, List.of())));
    assertThat(client.refusal().kind()).isEqualTo(Refusal.Kind.INVALID);
    bench.guest.onCall(c -> new CallOutcome.Oopsed(List.of("BUG: call")));
    client.say(new Request.Call(new CallRequest(text, base, List.of())));
    bench.cpu.runAll();
    assertThat(client.refusal().oops()).containsExactly("BUG: call");
    assertThat(bench.module("base").dead()).isTrue();
    assertThat(client.finished).isFalse();
  }

  @Test
  void onlyRootAndTheDaemonsUidMayControlIt() {
    List<Request> controls =
        List.of(new Request.Disconnect(1), new Request.Shutdown(), new Request.Reload(""));
    for (Request control : controls) {
      SessionBench.Client user = bench.client();
      user.say(control);
      assertThat(user.refusal().kind()).isEqualTo(Refusal.Kind.FORBIDDEN);
      assertThat(user.refusal().errno()).isEqualTo(Errno.EPERM);
      assertThat(user.finished).isFalse();
      user.session.close();
    }
    assertThat(bench.controls).isEmpty();
    SessionBench.Client root = bench.client(0);
    root.say(new Request.Reload("DEBUG"));
    bench.client(SessionBench.DAEMON_UID).say(new Request.Shutdown());
    assertThat(bench.controls).containsExactly("reload DEBUG", "shutdown");
  }

  @Test
  void disconnectingFreesEverythingBeforeItsAnswer() {
    List<Long> before = bench.figures();
    SessionBench.Client victim = bench.client();
    victim.allocate();
    SessionBench.Client root = bench.client(0);
    root.say(new Request.Disconnect(victim.session.id()));
    assertThat(root.last()).isInstanceOf(Reply.Done.class);
    assertThat(bench.figures()).isEqualTo(before);
    assertThat(victim.finished).isTrue();
    root.say(new Request.Disconnect(victim.session.id()));
    assertThat(root.refusal().kind()).isEqualTo(Refusal.Kind.NOT_FOUND);
    root.say(new Request.Disconnect(root.session.id()));
    assertThat(root.last()).isInstanceOf(Reply.Done.class);
    assertThat(root.finished).isTrue();
  }

  @Test
  void statisticsDoNotCountTheAsker() {
    SessionBench.Client client = bench.client();
    assertThat(client.statistics().sessions()).isZero();
    bench.client();
    assertThat(client.statistics().sessions()).isEqualTo(1);
    assertThat(client.statistics().exports()).isEqualTo(3);
    assertThat(client.statistics().guest().oopses()).isEqualTo(5);
  }

  @Test
  void addressesAreNamedByTheNearestExport() {
    SessionBench.Client client = bench.client();
    client.load("base", "sym");
    List<io.linkout.kernel.module.PlacedSegment> segments = bench.module("base").segments();
    client.say(
        new Request.Locate(
            List.of(
                0xffffffff81000014L,
                segments.get(Images.TEXT).address() + 4,
                segments.get(Images.DATA).address(),
                0x1234L,
                0xfffffffffe000000L)));
    assertThat(client.last())
        .isEqualTo(
            new Reply.Located(
                List.of(
                    new Reply.Location("kfree", 4, ""),
                    new Reply.Location("sym", 4, "base"),
                    new Reply.Location(
                        "",
                        segments.get(Images.DATA).address() - segments.get(Images.TEXT).address(),
                        "base"),
                    new Reply.Location("", 0, ""),
                    new Reply.Location("", 0, ""))));
  }

  @Test
  void failuresAreLoggedInLinuxsWords() {
    SessionBench.Client client = bench.client();
    client.say(
        new Request.ReportFailure(
            "m",
            List.of(
                new Request.Cause(Request.CauseKind.UNKNOWN_SYMBOL, "foo", 2, ""),
                new Request.Cause(Request.CauseKind.VERSION_DISAGREES, "bar", 0, ""),
                new Request.Cause(Request.CauseKind.BAD_VERMAGIC, "a", 0, "b"),
                new Request.Cause(Request.CauseKind.BAD_PARAMETER, "p", 22, "x\ny"),
                new Request.Cause(Request.CauseKind.UNKNOWN_PARAMETER, "q", 0, ""),
                new Request.Cause(Request.CauseKind.NAMESPACE_NOT_IMPORTED, "s", 0, "NS"),
                new Request.Cause(Request.CauseKind.DUPLICATE_EXPORT, "t", 8, "other"))));
    assertThat(client.last()).isInstanceOf(Reply.Done.class);
    assertThat(bench.kmsg.read(0, 99))
        .extracting(r -> r.level() + " " + r.text())
        .containsExactly(
            "4 m: Unknown symbol foo (err -2)",
            "4 m: disagrees about version of symbol bar",
            "3 m: version magic 'a' should be 'b'",
            "3 m: `x?y' invalid for parameter `p'",
            "4 m: unknown parameter 'q'",
            "3 m: module uses symbol (s) from namespace NS, but does not import it.",
            "3 m: exports duplicate symbol t (owned by other)");
  }

  @Test
  void theMemoryMapShowsWhatIsOnlyAllocated() {
    SessionBench.Client client = bench.client();
    Handle handle = client.allocate();
    client.say(new Request.MemoryMap());
    assertThat(client.last())
        .isInstanceOfSatisfying(
            Reply.MemoryMap.class,
            m ->
                assertThat(m.regions())
                    .extracting(r -> r.what() + " " + r.protection())
                    .containsExactly(
                        "kernel text r-x",
                        "allocated text ---",
                        "allocated rodata ---",
                        "allocated data ---",
                        "allocated init text ---"));
    assertThat(handle.segments()).hasSize(5);
  }

  @Test
  void drainingEndsIdleSessionsAndWorkNotBegun() {
    SessionBench.Client idle = bench.client();
    SessionBench.Client running = bench.client();
    running.activate("a", UnaryOperator.identity());
    SessionBench.Client queued = bench.client();
    queued.activate("b", UnaryOperator.identity());
    Runnable outcome = bench.cpu.begin();
    bench.sessions.drain();
    assertThat(idle.finished).isTrue();
    assertThat(queued.refusal().kind()).isEqualTo(Refusal.Kind.STOPPING);
    assertThat(queued.finished).isTrue();
    assertThat(running.finished).isFalse();
    outcome.run();
    assertThat(running.last()).isInstanceOf(Reply.Activated.class);
    assertThat(bench.sessions.refusal(SessionBench.USER)).contains("going down");
  }
}
