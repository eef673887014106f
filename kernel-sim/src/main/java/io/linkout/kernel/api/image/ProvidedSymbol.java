package io.linkout.kernel.api.image;

import io.linkout.kernel.api.FunctionTable.Licence;
import io.linkout.kernel.api.KernelExport.Behaviour;

/**
 * A function or variable that this kernel has, exported or not.
 *
 * @param address guest address, or an offset from gs base for a per-CPU variable
 * @param size in bytes
 * @param perCpu whether it is a per-CPU variable
 */
public record ProvidedSymbol(
    String name, long address, long size, Licence licence, Behaviour behaviour, boolean perCpu) {}
