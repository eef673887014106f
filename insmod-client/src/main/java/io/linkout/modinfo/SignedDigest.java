package io.linkout.modinfo;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the first signer of a CMS SignedData (RFC 5652, section 5): issuer's common name, serial
 * number, digest algorithm, signature. DER only, as sign-file writes it.
 */
final class SignedDigest {
  private static final int INTEGER = 0x02;
  private static final int OCTETS = 0x04;
  private static final int OID = 0x06;
  private static final int SEQUENCE = 0x30;
  private static final int SET = 0x31;
  private static final int CONTEXT_0 = 0xa0;
  private static final int CONTEXT_1 = 0xa1;
  private static final int KEY_ID = 0x80;

  /** id-at-commonName, 2.5.4.3. */
  private static final byte[] COMMON_NAME = {0x55, 0x04, 0x03};

  /** One element: its tag, and where its content lies. */
  private record Element(int tag, int start, int end) {}

  /** The bytes are no DER, or not of the expected shape. */
  private static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unreadable() {
      super("not DER", null, false, false);
    }
  }

  private final byte[] der;

  private SignedDigest(byte[] der) {
    this.der = der;
  }

  /** Returns what {@code der} says, or null if it cannot be read. */
  static @Nullable ModuleSignature read(byte[] der, String type) {
    try {
      return new SignedDigest(der).read(type);
    } catch (Unreadable e) {
      return null;
    }
  }

  private ModuleSignature read(String type) {
    Element contentInfo = element(0, der.length, SEQUENCE);
    Element contentType = element(contentInfo.start(), contentInfo.end(), OID);
    Element explicit = element(contentType.end(), contentInfo.end(), CONTEXT_0);
    Element signedData = element(explicit.start(), explicit.end(), SEQUENCE);
    Element version = element(signedData.start(), signedData.end(), INTEGER);
    Element digests = element(version.end(), signedData.end(), SET);
    Element content = element(digests.end(), signedData.end(), SEQUENCE);
    Element signers = next(content.end(), signedData.end());
    while (signers.tag() == CONTEXT_0 || signers.tag() == CONTEXT_1) {
      signers = next(signers.end(), signedData.end()); // certificates and revocations
    }
    if (signers.tag() != SET) {
      throw new Unreadable();
    }
    return signer(element(signers.start(), signers.end(), SEQUENCE), type);
  }

  private ModuleSignature signer(Element info, String type) {
    Element version = element(info.start(), info.end(), INTEGER);
    Element id = next(version.end(), info.end());
    String name = "";
    byte[] key;
    if (id.tag() == SEQUENCE) {
      Element issuer = element(id.start(), id.end(), SEQUENCE);
      Element serial = element(issuer.end(), id.end(), INTEGER);
      name = commonName(issuer);
      key = unsigned(serial);
    } else if (id.tag() == KEY_ID) {
      key = bytes(id);
    } else {
      throw new Unreadable();
    }
    Element digest = element(id.end(), info.end(), SEQUENCE);
    String hash = hashName(bytes(element(digest.start(), digest.end(), OID)));
    Element next = next(digest.end(), info.end());
    if (next.tag() == CONTEXT_0) {
      next = next(next.end(), info.end()); // signed attributes
    }
    Element signature = element(next.end(), info.end(), OCTETS);
    return new ModuleSignature(type, name, key, hash, bytes(signature));
  }

  /** Returns the last common name among the issuer's names. */
  private String commonName(Element issuer) {
    String name = "";
    for (int at = issuer.start(); at < issuer.end(); ) {
      Element set = element(at, issuer.end(), SET);
      Element pair = element(set.start(), set.end(), SEQUENCE);
      Element attribute = element(pair.start(), pair.end(), OID);
      if (Arrays.equals(bytes(attribute), COMMON_NAME)) {
        Element value = next(attribute.end(), pair.end());
        name = new String(bytes(value), StandardCharsets.ISO_8859_1);
      }
      at = set.end();
    }
    return name;
  }

  /** Returns the digits without the zero byte that only says the number is positive. */
  private byte[] unsigned(Element integer) {
    byte[] digits = bytes(integer);
    return digits.length > 1 && digits[0] == 0
        ? Arrays.copyOfRange(digits, 1, digits.length)
        : digits;
  }

  /** Names of NIST's hash algorithms 2.16.840.1.101.3.4.2.N, and of SHA-1. */
  private static String hashName(byte[] oid) {
    byte[] nist = {0x60, (byte) 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02};
    if (oid.length == nist.length + 1 && Arrays.equals(Arrays.copyOf(oid, nist.length), nist)) {
      return switch (oid[nist.length]) {
        case 1 -> "sha256";
        case 2 -> "sha384";
        case 3 -> "sha512";
        case 4 -> "sha224";
        default -> "";
      };
    }
    return Arrays.equals(oid, new byte[] {0x2b, 0x0e, 0x03, 0x02, 0x1a}) ? "sha1" : "";
  }

  private byte[] bytes(Element element) {
    return Arrays.copyOfRange(der, element.start(), element.end());
  }

  private Element element(int at, int limit, int tag) {
    Element element = next(at, limit);
    if (element.tag() != tag) {
      throw new Unreadable();
    }
    return element;
  }

  private Element next(int at, int limit) {
    if (limit - at < 2) {
      throw new Unreadable();
    }
    int length = der[at + 1] & 0xff;
    int start = at + 2;
    if (length >= 0x80) {
      int octets = length & 0x7f;
      if (octets == 0 || octets > 3 || limit - start < octets) {
        throw new Unreadable();
      }
      length = 0;
      for (int i = 0; i < octets; i++) {
        length = (length << 8) | (der[start++] & 0xff);
      }
    }
    if (length > limit - start) {
      throw new Unreadable();
    }
    return new Element(der[at] & 0xff, start, start + length);
  }
}
