package io.linkout.kernel.server;

import io.linkout.kernel.session.Deadlines;
import io.linkout.kernel.session.KernelState;
import io.linkout.kernel.session.Limits;
import io.linkout.kernel.session.Peer;
import io.linkout.kernel.session.Scheduler;
import io.linkout.kernel.session.SessionTable;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Accepts connections on a socket and gives each a session, if its uid is welcome. */
public final class KernelServer {
  private final ServerLoop loop;
  private final SessionTable sessions;
  private final Limits limits;
  private final Greeting greeting;
  private final WireRequests requests;
  private final WireReplies replies;
  private final Set<Integer> allowedUids;
  private final Deadlines.Allowance allowance;
  private @Nullable Channel listener;

  /**
   * A server of {@code kernel}, not accepting yet.
   *
   * @param allowedUids who may connect
   */
  public KernelServer(
      ServerLoop loop,
      KernelState kernel,
      SessionTable sessions,
      KernelIdentity identity,
      Set<Integer> allowedUids,
      Deadlines.Allowance allowance) {
    this.loop = loop;
    this.sessions = sessions;
    this.limits = kernel.limits();
    this.greeting = new Greeting(identity, limits);
    this.requests = new WireRequests(limits.callBytes());
    this.replies = new WireReplies(identity);
    this.allowedUids = Set.copyOf(allowedUids);
    this.allowance = allowance;
  }

  /**
   * Accepts connections at {@code socket}, whose file nobody but this uid can use until its mode is
   * changed. To be called off the event loop.
   *
   * @throws IOException if it cannot be bound
   */
  public void listen(Path socket) throws IOException {
    EpollServerDomainSocketChannel channel = new EpollServerDomainSocketChannel();
    SocketMode.restrictBeforeBind(channel.fd().intValue());
    ServerBootstrap bootstrap = bootstrap(channel);
    listener = established(bootstrap.bind(new DomainSocketAddress(socket.toString())));
  }

  /**
   * Accepts connections at a descriptor that listens already, such as one passed by systemd. To be
   * called off the event loop.
   *
   * @throws IOException if it is no such descriptor
   */
  public void adopt(int descriptor) throws IOException {
    EpollServerDomainSocketChannel channel = new EpollServerDomainSocketChannel(descriptor, true);
    listener = established(bootstrap(channel).register());
  }

  /** Accepts no more connections; those open stay. */
  public void stopListening() {
    if (listener != null) {
      listener.close().syncUninterruptibly();
    }
  }

  private ServerBootstrap bootstrap(EpollServerDomainSocketChannel channel) {
    return new ServerBootstrap()
        .group(loop.group())
        .channelFactory(() -> channel)
        .childHandler(
            new ChannelInitializer<EpollDomainSocketChannel>() {
              @Override
              protected void initChannel(EpollDomainSocketChannel child) {
                Connection connection = new Connection(KernelServer.this, child);
                child.pipeline().addLast(new FrameDecoder(connection), connection);
              }
            });
  }

  private static Channel established(ChannelFuture future) throws IOException {
    future.awaitUninterruptibly();
    Throwable cause = future.cause();
    if (cause != null) {
      throw new IOException(cause.getMessage(), cause);
    }
    return future.channel();
  }

  /** Returns why {@code peer} is not let in, or null if it is. */
  @Nullable String refusal(Peer peer) {
    return allowedUids.contains(peer.uid())
        ? sessions.refusal(peer)
        : "Operation not permitted: uid " + peer.uid() + " may not use this kernel";
  }

  SessionTable sessions() {
    return sessions;
  }

  Limits limits() {
    return limits;
  }

  Greeting greeting() {
    return greeting;
  }

  WireRequests requests() {
    return requests;
  }

  WireReplies replies() {
    return replies;
  }

  Scheduler scheduler() {
    return loop.scheduler();
  }

  Deadlines.Allowance allowance() {
    return allowance;
  }
}
