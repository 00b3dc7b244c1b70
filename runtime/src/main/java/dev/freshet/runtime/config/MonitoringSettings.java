package dev.freshet.runtime.config;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Where a process tells how it is.
 *
 * @param host the address that it listens on
 * @param port of a process that runs all parts; see {@link #port}. 0 for any that is free
 * @param maxAge a process that is further behind the source than this is not ready
 */
public record MonitoringSettings(String host, int port, Duration maxAge) {

    /** What listens; those that run side by side on one machine, from one file, have a port each. */
    public enum Listener {
        ALL,
        INGEST,
        STREAMS,
        SINK,
        SERVING
    }

    private static final Pattern HOST = Pattern.compile("[^\\s/@\\[\\]]+");
    private static final int HIGHEST = 65_535 - (Listener.values().length - 1);
    private static final int ONE_DAY = 86_400_000;

    public MonitoringSettings {
        Faults faults = new Faults();
        faults.require(
                HOST.matcher(host).matches(),
                "monitoring.host",
                host,
                "write an address of this machine, as 127.0.0.1, or 0.0.0.0 for all of them");
        Ranges.integer(faults, "monitoring.port", port, 0, HIGHEST);
        Ranges.millis(faults, "monitoring.max.age.ms", maxAge, 1_000, ONE_DAY);
        faults.throwIfAny();
    }

    /** The one that it listens on: ingest, streams, sink and serving take the next ones; 0 for any that is free. */
    public int port(Listener listener) {
        return port == 0 ? 0 : port + listener.ordinal();
    }
}
