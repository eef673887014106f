package io.linkout.rpc;

import java.util.List;

/** What a guest function returned, and the buffers that came back, in the order of arguments. */
public record CallResult(long result, List<byte[]> outputs) {}
