/** Tests of the connection, against a kernel that answers as told. */
@NullMarked
package io.linkout.rpc;

import org.jspecify.annotations.NullMarked;
