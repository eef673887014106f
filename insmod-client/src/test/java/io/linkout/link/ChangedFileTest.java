package io.linkout.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkout.elf.MalformedElfException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that changes while it is being linked gives an error that says so, and no crash. */
final class ChangedFileTest {
  /** Enough for the file to be mapped. */
  private static final int LARGE = 3 << 20;

  @TempDir Path directory;

  /** What happens to the file once it is open, while symbols are resolved. */
  private interface Change {
    void happen(Path file) throws IOException;
  }

  /** Links a large module that {@code change} happens to on the way. */
  private FakeKernel linkDuring(Change change) throws IOException {
    TestModule module = new TestModule().imports("_printk");
    int text = module.elf().section(".text", TestModule.AX, 16, new byte[64]);
    module.elf().rela(text, 8, 2, module.elf().undefined("_printk"), -4);
    module.elf().section(".data", TestModule.WA, 16, new byte[LARGE]);
    Path path = Files.write(directory.resolve("large.ko"), module.thisModule(0, 0).bytes());
    Files.setLastModifiedTime(path, FileTime.fromMillis(1_000_000_000_000L));
    FakeKernel kernel = new FakeKernel().export("_printk", 0xffffffff81000000L);
    Kernel meanwhile = new DuringResolve(kernel, path, change);
    try (ModuleFile file = ModuleFile.open(path)) {
      assertThatThrownBy(() -> TestModule.linker(meanwhile).prepare(file, LinkOptions.DEFAULT))
          .isInstanceOf(MalformedElfException.class)
          .hasMessage("the file changed while it was being read");
    }
    return kernel;
  }

  @Test
  void itShrinks() throws IOException {
    FakeKernel kernel =
        linkDuring(
            path -> {
              try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                channel.truncate(4096);
              }
            });
    assertThat(kernel.allocations()).isZero();
  }

  @Test
  void itIsEmptied() throws IOException {
    FakeKernel kernel = linkDuring(path -> Files.write(path, new byte[0]));
    assertThat(kernel.allocations()).isZero();
  }

  @Test
  void itIsWrittenOver() throws IOException {
    FakeKernel kernel =
        linkDuring(
            path -> {
              try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                ByteBuffer evil = ByteBuffer.allocate(LARGE / 2);
                while (evil.hasRemaining()) {
                  evil.put((byte) 0xff);
                }
                channel.write(evil.flip(), LARGE / 2 + 100_000);
              }
            });
    assertThat(kernel.allocations()).isZero();
  }

  /** Nothing goes wrong in the link, and yet its bytes are of two files. */
  @Test
  void aByteOfItIsWritten() throws IOException {
    FakeKernel kernel =
        linkDuring(
            path -> {
              try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(new byte[] {1}), LARGE / 2);
              }
            });
    assertThat(kernel.allocations()).isZero();
  }

  /** A kernel during whose answer something happens. */
  private record DuringResolve(FakeKernel kernel, Path path, Change change) implements Kernel {
    @Override
    public KernelIdentity identity() {
      return kernel.identity();
    }

    @Override
    public List<@Nullable KernelSymbol> resolve(List<String> names) {
      try {
        change.happen(path);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      return kernel.resolve(names);
    }

    @Override
    public Allocation allocate(String name, List<SegmentRequest> segments) {
      return kernel.allocate(name, segments);
    }

    @Override
    public void write(Allocation allocation, int segment, long offset, ByteBuffer bytes) {
      kernel.write(allocation, segment, offset, bytes);
    }

    @Override
    public Activated activate(Allocation allocation, Activation activation) {
      return kernel.activate(allocation, activation);
    }

    @Override
    public void free(Allocation allocation) {
      kernel.free(allocation);
    }

    @Override
    public void reportFailure(String module, List<FailureCause> causes) {
      kernel.reportFailure(module, causes);
    }
  }
}
