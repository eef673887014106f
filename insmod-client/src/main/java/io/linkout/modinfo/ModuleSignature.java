package io.linkout.modinfo;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The signature appended to a module, as far as modinfo shows it; not verified. The trailer is
 * {@code struct module_signature} of {@code include/linux/module_signature.h} (6.1) and a magic
 * line.
 *
 * @param type such as {@code PKCS#7}
 * @param signer common name of who signed, or empty
 * @param key serial number of the certificate (PKCS#7) or the key's id
 * @param hashAlgorithm such as {@code sha256}, or empty
 * @param signature the encrypted digest
 */
@SuppressWarnings("ArrayRecordComponent") // read once, never compared
public record ModuleSignature(
    String type, String signer, byte[] key, String hashAlgorithm, byte[] signature) {
  private static final byte[] MAGIC =
      "~Module signature appended~\n".getBytes(StandardCharsets.US_ASCII);
  private static final int TRAILER = 12;
  private static final String[] TYPES = {"PGP", "X509", "PKCS#7"};
  private static final String[] HASHES = {
    "md4", "md5", "sha1", "rmd160", "sha256", "sha384", "sha512", "sha224"
  };

  /**
   * Returns the signature at the end of {@code file}, or null if there is none that makes sense.
   */
  public static @Nullable ModuleSignature of(ByteBuffer file) {
    int end = file.limit() - MAGIC.length;
    if (end < TRAILER) {
      return null;
    }
    for (int i = 0; i < MAGIC.length; i++) {
      if (file.get(end + i) != MAGIC[i]) {
        return null;
      }
    }
    int trailer = end - TRAILER;
    // big-endian by the structure's own rule, whatever the buffer's order
    long length = 0;
    for (int i = 0; i < 4; i++) {
      length = (length << 8) | (file.get(trailer + 8 + i) & 0xff);
    }
    int type = file.get(trailer + 2) & 0xff;
    if (length > trailer || type >= TYPES.length) {
      return null;
    }
    byte[] bytes = new byte[(int) length];
    file.get(trailer - (int) length, bytes);
    return type == 2
        ? SignedDigest.read(bytes, TYPES[type])
        : plain(file, trailer, (int) length, TYPES[type], bytes);
  }

  /** The form before PKCS#7: signer's name, key id and digest one after the other. */
  private static @Nullable ModuleSignature plain(
      ByteBuffer file, int trailer, int length, String type, byte[] digest) {
    int hash = file.get(trailer + 1) & 0xff;
    byte[] signer = new byte[file.get(trailer + 3) & 0xff];
    byte[] key = new byte[file.get(trailer + 4) & 0xff];
    int start = trailer - length - key.length - signer.length;
    if (start < 0 || hash >= HASHES.length) {
      return null;
    }
    file.get(start, signer);
    file.get(start + signer.length, key);
    String name = new String(signer, StandardCharsets.ISO_8859_1);
    return new ModuleSignature(type, name, key, HASHES[hash], digest);
  }
}
