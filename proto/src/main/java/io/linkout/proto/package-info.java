/**
 * The protocol's fingerprint and framing constants: what client and kernel share beside the schema.
 */
@NullMarked
package io.linkout.proto;

import org.jspecify.annotations.NullMarked;
