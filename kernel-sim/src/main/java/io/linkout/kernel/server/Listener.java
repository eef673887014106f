package io.linkout.kernel.server;

import io.linkout.kernel.session.Peer;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.PeerCredentials;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The socket that clients connect to. Made and registered before there is a kernel to serve, since
 * that takes a while and needs none; connections are accepted from {@link #serve} on. To be used
 * off the event loop.
 */
public final class Listener implements AutoCloseable {
  private final EpollServerDomainSocketChannel channel;
  private final boolean bound;

  /** Written before the first connection is accepted, by whoever serves. */
  private volatile @Nullable KernelServer server;

  private Listener(EpollServerDomainSocketChannel channel, boolean bound) {
    this.channel = channel;
    this.bound = bound;
  }

  static Listener unbound(EventLoopGroup group) throws IOException {
    return new Listener(new EpollServerDomainSocketChannel(), false).registered(group);
  }

  static Listener adopted(EventLoopGroup group, int descriptor) throws IOException {
    return new Listener(new EpollServerDomainSocketChannel(descriptor, true), true)
        .registered(group);
  }

  private Listener registered(EventLoopGroup group) throws IOException {
    channel.config().setAutoRead(false);
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(group)
            .channelFactory(() -> channel)
            .childHandler(
                new ChannelInitializer<EpollDomainSocketChannel>() {
                  @Override
                  protected void initChannel(EpollDomainSocketChannel child) {
                    connected(child);
                  }
                });
    await(bootstrap.register());
    return this;
  }

  private void connected(EpollDomainSocketChannel child) {
    KernelServer server = this.server;
    if (server == null) {
      var _ = child.close();
      return;
    }
    Connection connection = new Connection(server, child, () -> peer(child));
    child.pipeline().addLast(new FrameDecoder(connection), connection);
  }

  private static Peer peer(EpollDomainSocketChannel child) throws IOException {
    PeerCredentials credentials = child.peerCredentials();
    return new Peer(credentials.pid(), credentials.uid());
  }

  /**
   * Accepts connections for {@code server}, at {@code socket} unless the descriptor was bound
   * before. Nobody but this uid can use the file until its mode is changed.
   *
   * @throws IOException if it cannot be bound
   */
  public void serve(KernelServer server, Path socket) throws IOException {
    this.server = server;
    if (!bound) {
      SocketMode.restrictBeforeBind(channel.fd().intValue());
      await(channel.bind(new DomainSocketAddress(socket.toString())));
    }
    channel.config().setAutoRead(true);
  }

  /** Accepts no more connections; those open stay. */
  @Override
  public void close() {
    channel.close().syncUninterruptibly();
  }

  private static void await(ChannelFuture future) throws IOException {
    future.awaitUninterruptibly();
    Throwable cause = future.cause();
    if (cause != null) {
      throw new IOException(cause.getMessage(), cause);
    }
  }
}
