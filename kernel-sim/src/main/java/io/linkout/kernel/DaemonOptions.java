package io.linkout.kernel;

import io.linkout.kernel.session.Deadlines;
import io.linkout.kernel.session.Limits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a daemon is to be run.
 *
 * @param socket where it accepts connections
 * @param headers directory of the kernel headers to take the personality from; null for the
 *     built-in one
 * @param keepsSymbols false: exports are left to the clients, which find them in a map and in files
 * @param loadsModules false: serves status, log and calls only
 * @param initTimeout bound on init, exit and calls
 * @param allowedUids who may connect beside root and the daemon's own uid
 * @param readUids who may connect to list and to read, and do nothing else
 * @param socketMode permission bits of the socket file
 * @param deadlines how long a connection may keep the kernel waiting
 * @param maxQueue jobs that may wait for the CPU
 * @param logFile null for standard error
 * @param logLevel TRACE, DEBUG, INFO, WARN or ERROR; null for the default of where the log goes
 * @param clientDirectory client installation of the same build, or empty
 */
public record DaemonOptions(
    Path socket,
    @Nullable Path headers,
    boolean keepsSymbols,
    boolean loadsModules,
    Duration initTimeout,
    Set<Integer> allowedUids,
    Set<Integer> readUids,
    int socketMode,
    Limits limits,
    Deadlines.Allowance deadlines,
    int maxQueue,
    @Nullable Path logFile,
    @Nullable String logLevel,
    String clientDirectory) {}
