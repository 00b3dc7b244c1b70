package dev.freshet.runtime.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How features are looked up over HTTP.
 *
 * @param host the address that it listens on; one that others than this machine reach needs a file of tokens
 * @param port 0 for any that is free
 * @param tokensFile with a line for each bearer token: its scope and its hash; null if nobody is asked for one
 * @param maxAge a row that is further behind the source is not told as fresh, where the request does not say otherwise
 * @param maxWait the longest that a request may wait until the table has what it asks for
 * @param poolSize the most connections to the target at once
 * @param maxConnections the most connections of clients at once
 */
public record ServingSettings(
        String host,
        int port,
        @Nullable Path tokensFile,
        Duration maxAge,
        Duration maxWait,
        int poolSize,
        int maxConnections) {
    static final String TOKENS_FILE = "serving.tokens.file";
    private static final Pattern HOST = Pattern.compile("[^\\s/@\\[\\]]+");
    private static final int ONE_DAY = 86_400_000;

    public ServingSettings {
        Faults faults = new Faults();
        faults.require(
                HOST.matcher(host).matches(),
                "serving.host",
                host,
                "write an address of this machine, as 127.0.0.1, or 0.0.0.0 for all of them");
        Ranges.integer(faults, "serving.port", port, 0, 65_535);
        faults.require(
                tokensFile != null || isLoopback(host),
                TOKENS_FILE,
                null,
                "is missing, and serving.host " + host
                        + " can be reached by others: name a file of tokens; freshet serve-token makes one");
        Ranges.millis(faults, "serving.max.age.ms", maxAge, 100, ONE_DAY);
        Ranges.millis(faults, "serving.max.wait.ms", maxWait, 0, 60_000);
        Ranges.integer(faults, "serving.pool.size", poolSize, 1, 200);
        Ranges.integer(faults, "serving.max.connections", maxConnections, 1, 100_000);
        faults.throwIfAny();
    }

    /** A name that cannot be looked up is not taken for this machine's own. */
    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
