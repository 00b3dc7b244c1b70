package dev.freshet.sink.rule;

/**
 * When a write counts. The target applies the same rules in SQL ({@code dev.freshet.sink.sql}); a simulation applies these.
 */
public final class WriteRules {
    private WriteRules() {}

    /**
     * Compare-and-set of a partition's position: a transaction counts only if the stored position is still the one that its
     * records were read from. Otherwise another sink has written since, and this one is a zombie: all is rolled back.
     */
    public static boolean ownsPosition(long stored, long expected) {
        return stored == expected;
    }

    /**
     * Whether an entry replaces what is held of the same user or partition. For users an alarm, for watermarks the rule:
     * behind the compare-and-set nothing of a user can come late, and a rejected row means that something is wrong.
     */
    public static boolean replaces(long heldVersion, long offeredVersion) {
        return offeredVersion > heldVersion;
    }
}
