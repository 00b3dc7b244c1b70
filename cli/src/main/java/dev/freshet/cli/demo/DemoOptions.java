package dev.freshet.cli.demo;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What a demo is to do.
 *
 * @param duration after how long it ends by itself; empty to run until it is asked to end
 * @param info where to write how to reach it
 * @param portBase the first of the ports: of the servers, of health and metrics, and of lookups; 0 for free ones
 * @param shop what is in the source tables and what happens to them; empty to leave both to the user
 */
public record DemoOptions(
        Path dataDirectory,
        Optional<Duration> duration,
        Optional<Path> info,
        int portBase,
        Optional<ShopOptions> shop) {
    /** How many ports the servers listen on. */
    public static final int SERVER_PORTS = 4;

    /**
     * A shop with traffic.
     *
     * @param users in an empty shop, so many are made, with ten orders each
     * @param rate rows changed per second
     * @param seed of all that is random
     */
    public record ShopOptions(int users, int rate, long seed) {}
}
