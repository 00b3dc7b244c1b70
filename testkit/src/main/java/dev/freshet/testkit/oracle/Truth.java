package dev.freshet.testkit.oracle;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.feature.FeatureUpdate;
import dev.freshet.schemas.feature.FeatureValue;

/**
 * What a user's row has to say at an instant.
 *
 * @param values in the order of the catalogue; null for SQL NULL
 * @param exactUntil epoch microseconds of the next instant at which time alone changes it; null for never
 * @param incomplete some row of the user is outside the domain
 */
public record Truth(
        List<@Nullable FeatureValue> values, @Nullable Long exactUntil, boolean incomplete) {
    public Truth {
        values = Collections.unmodifiableList(new ArrayList<>(values));
    }

    /** What a row claims, in the terms of the truth. */
    public static Truth claimedBy(FeatureUpdate.Row row) {
        return new Truth(row.values(), row.exactUntil(), row.incomplete());
    }
}
