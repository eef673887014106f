package io.linkout.kernel.symbol;

import java.util.Arrays;

/**
 * Writes names in the pieces of a vocabulary, the cheapest that make up the name. Lives as long as
 * a table is being changed: its search tree is bigger than what it saves.
 */
final class NameEncoder {
  private static final int ROOT = 0;

  private final Vocabulary vocabulary;
  private final byte[] classes = new byte[256];
  private final int width;
  private final short[] next;
  private final short[] pieceAt;
  private final byte[] steps;
  private final int escape;
  private final int escapeCost;
  private int[] cost = new int[128];
  private int[] choice = new int[128];

  NameEncoder(Vocabulary vocabulary) {
    this.vocabulary = vocabulary;
    int kinds = 0;
    int nodes = 1;
    for (int piece = 0; piece < vocabulary.size() - 1; piece++) {
      int end = vocabulary.start(piece + 1);
      for (int i = vocabulary.start(piece); i < end; i++) {
        int letter = vocabulary.text(i) & 0xff;
        if (classes[letter] == 0) {
          classes[letter] = (byte) ++kinds;
        }
        nodes++;
      }
    }
    width = kinds + 1;
    next = new short[nodes * width];
    pieceAt = new short[nodes];
    steps = vocabulary.steps();
    escape = vocabulary.size() - 1;
    int used = 1;
    for (int piece = 0; piece < escape; piece++) {
      int node = ROOT;
      int end = vocabulary.start(piece + 1);
      for (int i = vocabulary.start(piece); i < end; i++) {
        int slot = node * width + classes[vocabulary.text(i) & 0xff];
        if (next[slot] == 0) {
          next[slot] = (short) used++;
        }
        node = next[slot];
      }
      pieceAt[node] = (short) (piece + 1);
    }
    escapeCost = length(escape) + 8;
  }

  /**
   * Appends what follows the first {@code from} bytes of {@code name}, and its end, to {@code to}.
   */
  void encode(byte[] name, int from, BitWriter to) {
    int length = name.length - from;
    if (length + 2 > cost.length) {
      cost = Arrays.copyOf(cost, length + 2);
      choice = Arrays.copyOf(choice, length + 2);
    }
    // cost[i]: bits for all from byte i on; the name's end counts as one byte more.
    cost[length + 1] = 0;
    for (int i = length; i >= 0; i--) {
      int best = Integer.MAX_VALUE;
      int chosen = -1;
      if (i < length) {
        best = escapeCost + cost[i + 1];
      }
      int node = ROOT;
      for (int j = i; j <= length; j++) {
        int letter = j < length ? name[from + j] & 0xff : 0;
        int kind = letter == 0 && j < length ? 0 : classes[letter];
        node = kind == 0 ? ROOT : next[node * width + kind];
        if (node == ROOT) {
          break;
        }
        int piece = pieceAt[node] - 1;
        if (piece >= 0 && length(piece) + cost[j + 1] < best) {
          best = length(piece) + cost[j + 1];
          chosen = piece;
        }
      }
      cost[i] = best;
      choice[i] = chosen;
    }
    for (int i = 0; i <= length; ) {
      int piece = choice[i];
      if (piece < 0) {
        to.put(vocabulary.code(escape, steps[escape]), length(escape));
        to.put(name[from + i], 8);
        i++;
      } else {
        to.put(vocabulary.code(piece, steps[piece]), length(piece));
        i += vocabulary.start(piece + 1) - vocabulary.start(piece);
      }
    }
  }

  private int length(int piece) {
    return steps[piece] & Vocabulary.LENGTH;
  }
}
