package io.linkout.kernel.module;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CpuThreadTest {
  private final ExecutorService loop = Executors.newSingleThreadExecutor();
  private final CpuThread cpu = new CpuThread(2, loop);
  private final BlockingQueue<String> delivered = new LinkedBlockingQueue<>();
  private final CountDownLatch gate = new CountDownLatch(1);

  @AfterEach
  void end() throws InterruptedException {
    gate.countDown();
    cpu.finish(() -> {});
    assertThat(cpu.await(Duration.ofSeconds(30))).isTrue();
    loop.shutdown();
  }

  private CpuJob<String> submit(String name) {
    return cpu.submit(() -> name, end -> delivered.add(String.valueOf(end)));
  }

  /** Occupies the thread until the gate opens. */
  private CpuJob<String> occupy() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CpuJob<String> job =
        cpu.submit(
            () -> {
              begun.countDown();
              try {
                gate.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              return "first";
            },
            end -> delivered.add(String.valueOf(end)));
    begun.await();
    return job;
  }

  private String next() throws InterruptedException {
    return String.valueOf(delivered.poll(30, TimeUnit.SECONDS));
  }

  @Test
  void worksInOrder() throws InterruptedException {
    submit("a");
    submit("b");
    assertThat(List.of(next(), next())).containsExactly("Done[outcome=a]", "Done[outcome=b]");
  }

  @Test
  void waitsForNoMoreThanItsBound() throws InterruptedException {
    CpuJob<String> first = occupy();
    submit("a");
    CpuJob<String> last = submit("b");
    assertThatThrownBy(() -> submit("c"))
        .isInstanceOfSatisfying(
            Refusal.class, r -> assertThat(r.kind()).isEqualTo(Refusal.Kind.BUSY));
    assertThat(cpu.cancel(last)).isTrue();
    assertThat(cpu.cancel(last)).isFalse();
    submit("d");
    assertThat(cpu.cancel(first)).as("begun").isFalse();
    gate.countDown();
    assertThat(List.of(next(), next(), next()))
        .containsExactly("Done[outcome=first]", "Done[outcome=a]", "Done[outcome=d]");
  }

  @Test
  void survivesWorkThatThrows() throws InterruptedException {
    cpu.submit(
        () -> {
          throw new StackOverflowError("deep");
        },
        end -> delivered.add(String.valueOf(end)));
    submit("after");
    assertThat(next()).contains("Broken").contains("deep");
    assertThat(next()).contains("after");
  }

  @Test
  void takesNothingMoreOnceItIsToFinish() throws InterruptedException {
    occupy();
    CountDownLatch closed = new CountDownLatch(1);
    cpu.finish(closed::countDown);
    assertThatThrownBy(() -> submit("late"))
        .isInstanceOfSatisfying(
            Refusal.class, r -> assertThat(r.kind()).isEqualTo(Refusal.Kind.STOPPING));
    assertThat(closed.getCount()).isEqualTo(1);
    gate.countDown();
    assertThat(cpu.await(Duration.ofSeconds(30))).isTrue();
    assertThat(closed.getCount()).isZero();
    assertThat(next()).contains("first");
  }
}
