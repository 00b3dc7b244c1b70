package dev.freshet.schemas.feature;

import dev.freshet.schemas.Id;

/** The key of an entry of the features topic. */
public sealed interface FeatureKey {

    /** A user, in the partition of {@link dev.freshet.schemas.UserPartition}. */
    record User(Id id) implements FeatureKey {}

    /** The watermark of one partition, written to that partition. */
    record Partition(int number) implements FeatureKey {}
}
