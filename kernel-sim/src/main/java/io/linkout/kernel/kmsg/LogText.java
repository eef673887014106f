package io.linkout.kernel.kmsg;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Text of the guest, whose bytes need not be valid in any encoding, as a string. */
public final class LogText {
  private LogText() {}

  /**
   * Decodes UTF-8. A byte that is not part of a valid sequence stands for the ISO 8859-1 character
   * of that number, so that nothing is lost and the result can always be encoded.
   */
  public static String decode(byte[] bytes) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    while (true) {
      CoderResult result = decoder.decode(in, out, true);
      if (!result.isError()) {
        break;
      }
      for (int i = result.length(); i > 0; i--) {
        out.put((char) (in.get() & 0xff));
      }
      decoder.reset();
    }
    return out.flip().toString();
  }
}
