package io.linkout.kernel.server;

import io.linkout.kernel.session.Scheduler;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** The event-loop thread. May be used from any thread. */
public final class ServerLoop implements AutoCloseable {
  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(
          1,
          new DefaultThreadFactory("event-loop", true),
          // as many events at once as come
          EpollIoHandler.newFactory(0, Polling::new));
  private final EventLoop loop = group.next();

  /** Returns a way to run things on the event loop, in the order given. */
  public Executor executor() {
    return loop;
  }

  /** Returns a way to run things on the event loop later. */
  public Scheduler scheduler() {
    return (Duration delay, Runnable action) -> {
      Future<?> timer = loop.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
      return () -> timer.cancel(false);
    };
  }

  /**
   * Returns a listener that is not bound yet.
   *
   * @throws IOException if there can be none
   */
  public Listener listener() throws IOException {
    return Listener.unbound(group);
  }

  /**
   * Returns a listener at a descriptor that is bound and listens already, such as one passed by
   * systemd.
   *
   * @throws IOException if it is no such descriptor
   */
  public Listener adopted(int descriptor) throws IOException {
    return Listener.adopted(group, descriptor);
  }

  /** Ends the thread once what it was given is done. */
  @Override
  public void close() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
