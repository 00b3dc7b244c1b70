package dev.freshet.runtime.config;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How features are computed.
 *
 * @param stateDir where the state is kept; only this process needs it
 * @param commitInterval how long a change may wait for the commit that makes it visible
 * @param standbyReplicas on how many other instances a partition's state is kept up to date, so that they need not restore it
 * @param emitSlice how many users one call may emit, so that no call takes as long as a transaction may
 */
public record StreamsSettings(
        @Nullable Path stateDir,
        Duration commitInterval,
        int threads,
        int standbyReplicas,
        int emitSlice,
        Membership membership) {
    static final String STATE_DIR = "streams.state.dir";
    static final String STATE_DIR_CURE = "name a directory on a disk that outlives the process, never /tmp";

    public StreamsSettings {
        Faults faults = new Faults();
        Ranges.millis(faults, "streams.commit.interval.ms", commitInterval, 1, 1_000);
        Ranges.integer(faults, "streams.num.stream.threads", threads, 1, 256);
        Ranges.integer(faults, "streams.num.standby.replicas", standbyReplicas, 0, 10);
        Ranges.integer(faults, "streams.emit.slice", emitSlice, 1, 100_000);
        faults.throwIfAny();
    }

    /** @throws ConfigException if it is not set */
    public Path requireStateDir() {
        if (stateDir == null) {
            throw new ConfigException(new Fault(STATE_DIR, null, "is missing: " + STATE_DIR_CURE));
        }
        return stateDir;
    }
}
