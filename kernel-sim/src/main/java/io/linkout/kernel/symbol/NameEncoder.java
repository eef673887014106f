package io.linkout.kernel.symbol;

import java.util.Arrays;

/**
 * Writes names in the pieces of a vocabulary, the cheapest that make up the name. Lives as long as
 * a table is being changed, so it is made quickly rather than searched quickly: most names of a
 * leaf that is packed again are taken over as they were.
 */
final class NameEncoder {
  private static final int SLOT_BITS = 10;

  private final Vocabulary vocabulary;

  /** The piece of one letter, plus one; 0 if there is none. */
  private final char[] alone = new char[256];

  /** A piece of more letters by its first two, plus one. */
  private final char[] first = new char[1 << SLOT_BITS];

  /** Another piece of the same slot as a piece, plus one. */
  private final char[] following;

  private final byte[] steps;
  private final int escape;
  private final int escapeCost;
  private int[] cost = new int[128];
  private int[] choice = new int[128];

  NameEncoder(Vocabulary vocabulary) {
    this.vocabulary = vocabulary;
    steps = vocabulary.steps();
    escape = vocabulary.size() - 1;
    escapeCost = length(escape) + 8;
    following = new char[escape];
    for (int piece = 0; piece < escape; piece++) {
      int start = vocabulary.start(piece);
      if (vocabulary.start(piece + 1) - start == 1) {
        alone[vocabulary.text(start) & 0xff] = (char) (piece + 1);
      } else {
        int slot = slot(vocabulary.text(start) & 0xff, vocabulary.text(start + 1) & 0xff);
        following[piece] = first[slot];
        first[slot] = (char) (piece + 1);
      }
    }
  }

  private static int slot(int one, int other) {
    return (one * 37 + other) & ((1 << SLOT_BITS) - 1);
  }

  /**
   * Appends what follows the first {@code from} bytes of {@code name}, and its end, to {@code to}:
   * the same bits for the same bytes, always.
   */
  void encode(byte[] name, int from, BitWriter to) {
    int length = name.length - from;
    if (length + 2 > cost.length) {
      cost = Arrays.copyOf(cost, length + 2);
      choice = Arrays.copyOf(choice, length + 2);
    }
    // cost[i]: bits for all from byte i on; the name's end counts as one byte more.
    cost[length + 1] = 0;
    Target target = new Target(name);
    for (int i = length; i >= 0; i--) {
      choose(target, from, i, length);
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

  private void choose(Target name, int from, int i, int length) {
    int best = Integer.MAX_VALUE;
    int chosen = -1;
    int letter = name.letter(from + i);
    if (i < length) {
      best = escapeCost + cost[i + 1];
    }
    // A zero in a name is not its end: it can only be written as a byte.
    if (i == length || letter != 0) {
      int single = alone[letter] - 1;
      if (single >= 0 && length(single) + cost[i + 1] < best) {
        best = length(single) + cost[i + 1];
        chosen = single;
      }
    }
    if (i < length && letter != 0) {
      for (int next = first[slot(letter, name.letter(from + i + 1))];
          next != 0;
          next = following[next - 1]) {
        int piece = next - 1;
        int start = vocabulary.start(piece);
        int letters = vocabulary.start(piece + 1) - start;
        boolean ends = (steps[piece] & Vocabulary.ENDS) != 0;
        if ((ends ? i + letters == length + 1 : i + letters <= length)
            && length(piece) + cost[i + letters] < best
            && isAt(start, letters, name, from + i)) {
          best = length(piece) + cost[i + letters];
          chosen = piece;
        }
      }
    }
    cost[i] = best;
    choice[i] = chosen;
  }

  /** Returns true if {@code count} letters of the vocabulary's text are there in {@code name}. */
  private boolean isAt(int start, int count, Target name, int at) {
    for (int i = count - 1; i >= 0; i--) {
      if ((vocabulary.text(start + i) & 0xff) != name.letter(at + i)) {
        return false;
      }
    }
    return true;
  }

  private int length(int piece) {
    return steps[piece] & Vocabulary.LENGTH;
  }
}
