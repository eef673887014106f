package io.linkout.kernel.api.crypto;

import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.api.FunctionTable.Licence;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.GuestOops;
import io.linkout.kernel.cpu.TrapFrame;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Building blocks of ciphers and digests (lib/crypto and crypto, release 6.1). */
public final class CryptoFunctions {
  private static final int PART = 1 << 14;
  private static final int CHACHA_WORDS = 16;

  /** Linux warns of anything but 12 and 20, and goes on; more than this would take seconds. */
  private static final int ROUNDS_MAX = 1 << 20;

  private CryptoFunctions() {}

  /** Declares them, and those of {@link XxHashFunctions}. */
  public static void declare(FunctionTable table) {
    table.real("__crypto_xor", Licence.GPL, CryptoFunctions::xor);
    table.real("__crypto_memneq", CryptoFunctions::differ);
    table.real("chacha_block_generic", CryptoFunctions::chachaBlock);
    table.real("hchacha_block_generic", CryptoFunctions::hchachaBlock);
    table.real("sha256", CryptoFunctions::sha256);
    XxHashFunctions.declare(table);
  }

  /** (result, first, second, unsigned int size). */
  private static long xor(TrapFrame c) {
    GuestMemory memory = c.memory();
    long size = c.argument(3) & 0xffffffffL;
    for (long done = 0; done < size; ) {
      int part = (int) Math.min(PART, size - done);
      byte[] first = memory.read(c.argument(1) + done, part);
      byte[] second = memory.read(c.argument(2) + done, part);
      for (int i = 0; i < part; i++) {
        first[i] ^= second[i];
      }
      memory.write(c.argument(0) + done, first);
      done += part;
    }
    return 0;
  }

  /** (first, second, size): 0 if they are equal. */
  private static long differ(TrapFrame c) {
    long difference = 0;
    for (long i = 0; i != c.argument(2); i++) {
      difference |= c.memory().readByte(c.argument(0) + i) ^ c.memory().readByte(c.argument(1) + i);
    }
    return difference;
  }

  /** (state of 16 words, 64 bytes of key stream, rounds): RFC 8439 2.3; counts word 12 up. */
  private static long chachaBlock(TrapFrame c) {
    int[] state = words(c.memory(), c.argument(0));
    int[] block = permuted(state, (int) c.argument(2));
    for (int i = 0; i < CHACHA_WORDS; i++) {
      c.memory().writeInt(c.argument(1) + 4L * i, block[i] + state[i]);
    }
    c.memory().writeInt(c.argument(0) + 48, state[12] + 1);
    return 0;
  }

  /** (state of 16 words, 8 words of subkey, rounds): the first and last rows, nothing added. */
  private static long hchachaBlock(TrapFrame c) {
    int[] block = permuted(words(c.memory(), c.argument(0)), (int) c.argument(2));
    for (int i = 0; i < 4; i++) {
      c.memory().writeInt(c.argument(1) + 4L * i, block[i]);
      c.memory().writeInt(c.argument(1) + 16 + 4L * i, block[12 + i]);
    }
    return 0;
  }

  private static int[] words(GuestMemory memory, long address) {
    int[] words = new int[CHACHA_WORDS];
    for (int i = 0; i < CHACHA_WORDS; i++) {
      words[i] = memory.readInt(address + 4L * i);
    }
    return words;
  }

  private static int[] permuted(int[] state, int rounds) {
    if (rounds > ROUNDS_MAX) {
      throw new GuestOops(
          "watchdog: BUG: soft lockup - CPU#0 stuck in " + rounds + " ChaCha rounds");
    }
    int[] x = state.clone();
    for (int round = 0; round < rounds; round += 2) {
      quarter(x, 0, 4, 8, 12);
      quarter(x, 1, 5, 9, 13);
      quarter(x, 2, 6, 10, 14);
      quarter(x, 3, 7, 11, 15);
      quarter(x, 0, 5, 10, 15);
      quarter(x, 1, 6, 11, 12);
      quarter(x, 2, 7, 8, 13);
      quarter(x, 3, 4, 9, 14);
    }
    return x;
  }

  private static void quarter(int[] x, int a, int b, int c, int d) {
    x[a] += x[b];
    x[d] = Integer.rotateLeft(x[d] ^ x[a], 16);
    x[c] += x[d];
    x[b] = Integer.rotateLeft(x[b] ^ x[c], 12);
    x[a] += x[b];
    x[d] = Integer.rotateLeft(x[d] ^ x[a], 8);
    x[c] += x[d];
    x[b] = Integer.rotateLeft(x[b] ^ x[c], 7);
  }

  /** sha256(data, unsigned int size, 32 bytes of digest). */
  private static long sha256(TrapFrame c) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    long size = c.argument(1) & 0xffffffffL;
    for (long done = 0; done < size; ) {
      int part = (int) Math.min(PART, size - done);
      digest.update(c.memory().read(c.argument(0) + done, part));
      done += part;
    }
    c.memory().write(c.argument(2), digest.digest());
    return 0;
  }
}
