package dev.freshet.runtime.config;

import java.time.Duration;

/**
 * An instance's place in its group. It is a static member: one that returns within the session timeout finds its
 * partitions as it left them.
 *
 * @param section which of the configuration it is from, for messages
 * @param instanceId distinct among the instances that run at once, and the same after a restart
 * @param sessionTimeout after how long a silent instance's partitions go to others
 * @see <a href="https://cwiki.apache.org/confluence/display/KAFKA/KIP-345">KIP-345: static membership</a>
 */
public record Membership(String section, String instanceId, Duration sessionTimeout) {
    private static final int HEARTBEATS_PER_SESSION = 10;

    public Membership {
        Faults faults = new Faults();
        Ranges.instanceId(faults, section + ".instance.id", instanceId);
        Ranges.millis(faults, section + ".session.timeout.ms", sessionTimeout, 1_000, 600_000);
        faults.throwIfAny();
    }

    public int sessionTimeoutMillis() {
        return (int) sessionTimeout.toMillis();
    }

    public int heartbeatIntervalMillis() {
        return sessionTimeoutMillis() / HEARTBEATS_PER_SESSION;
    }
}
