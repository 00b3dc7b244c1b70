package dev.freshet.schemas.feature;

import java.time.LocalDate;

import dev.freshet.schemas.Numeric;

/** The value of one feature. NULL is Java's null in {@link FeatureUpdate.Row#values()}. */
public sealed interface FeatureValue {

    /** Of a COUNT. */
    record Count(long value) implements FeatureValue {}

    /** Of a SUM or an AVG. */
    record Amount(Numeric value) implements FeatureValue {}

    /** Of a LAST_DATE, in UTC. */
    record Day(LocalDate value) implements FeatureValue {}
}
