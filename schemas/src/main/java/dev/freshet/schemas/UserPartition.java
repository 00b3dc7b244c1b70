package dev.freshet.schemas;

import org.apache.kafka.common.utils.Utils;

/**
 * Which partition a user lives in, the same in every topic of a generation: so all of a user's changes meet in one task,
 * in one order, and its features leave by the partition of the same number.
 */
public final class UserPartition {
    private UserPartition() {}

    /** A number in [0, partitions). Fixed for the life of a generation. */
    public static int of(Id user, int partitions) {
        return Utils.toPositive(Utils.murmur2(user.bytes())) % partitions;
    }
}
