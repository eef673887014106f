package io.linkout.elf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The digest is the JDK's, at every length around its block size, from heap and from mapped memory.
 */
class Sha256Test {
  @Test
  void isTheJdks() throws Exception {
    Random random = new Random(256);
    for (int length = 0; length < 300; length++) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      ByteBuffer direct = ByteBuffer.allocateDirect(length + 3).position(3).put(bytes).position(3);
      byte[] expected = MessageDigest.getInstance("SHA-256").digest(bytes);
      assertThat(Sha256.of(ByteBuffer.wrap(bytes))).as("%d bytes", length).isEqualTo(expected);
      assertThat(Sha256.of(direct)).as("%d bytes, direct", length).isEqualTo(expected);
      assertThat(direct.position()).isEqualTo(3);
    }
  }
}
