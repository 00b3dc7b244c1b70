package dev.freshet.runtime.config;

import java.time.Duration;

import dev.freshet.schemas.catalogue.FeatureDefinition;

/**
 * The database that is written and read.
 *
 * @param schema in which all of Freshet's tables are created
 * @param historyRetention how long a version is kept in the history, in whole days: it is dropped once the day it was written
 *     is older, also if the table still holds it
 */
public record TargetSettings(DatabaseLogin login, String schema, Duration historyRetention) {
    public TargetSettings {
        Faults faults = new Faults();
        DatabaseLogin.check(faults, "target", login);
        Identifiers.checkPlain(faults, "target.schema", schema);
        long days = historyRetention.toDays();
        faults.require(
                days >= 1
                        && days <= FeatureDefinition.LONGEST_WINDOW.toDays()
                        && historyRetention.equals(Duration.ofDays(days)),
                "target.history.retention",
                DurationText.of(historyRetention),
                "write whole days from 1d to " + DurationText.of(FeatureDefinition.LONGEST_WINDOW)
                        + ": the history is dropped by the day");
        faults.throwIfAny();
    }
}
