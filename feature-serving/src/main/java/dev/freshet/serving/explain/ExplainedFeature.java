package dev.freshet.serving.explain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.catalogue.FeatureDefinition;

/**
 * A feature's value, twice, and what it is made of. Values are as PostgreSQL prints them; null is NULL, or where there is no
 * row or no user to have one.
 *
 * @param table what the table holds
 * @param recomputed what the source's orders make
 * @param agrees whether the two are the same; not asked for where there is nothing to compare
 */
public record ExplainedFeature(
        FeatureDefinition definition,
        @Nullable String table,
        @Nullable String recomputed,
        boolean agrees,
        Working working) {

    /**
     * What the recomputed value is made of.
     *
     * @param orders how many are in the window
     * @param values how many of them are not NULL in the feature's column
     * @param sum of that column; null where the feature is not over one, or there are no values
     * @param newest the id of the newest order in the window; null if there is none
     * @param newestAt when that was made
     */
    public record Working(
            long orders,
            long values,
            @Nullable String sum,
            @Nullable String newest,
            @Nullable Instant newestAt) {}
}
