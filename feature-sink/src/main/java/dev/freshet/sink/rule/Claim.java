package dev.freshet.sink.rule;

/**
 * The stretch of a partition that a transaction covers.
 *
 * @param partition the partition of the features topic
 * @param expected the stored position that the stretch was read from
 * @param next the position behind it
 */
public record Claim(int partition, long expected, long next) {
    public Claim {
        if (next < expected) {
            throw new IllegalArgumentException(
                    "partition " + partition + ": a claim from " + expected + " back to " + next);
        }
    }
}
