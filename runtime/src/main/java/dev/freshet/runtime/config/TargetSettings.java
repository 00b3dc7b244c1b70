package dev.freshet.runtime.config;

import java.time.Duration;

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
        faults.require(
                historyRetention.toDays() >= 1 && historyRetention.equals(Duration.ofDays(historyRetention.toDays())),
                "target.history.retention",
                historyRetention,
                "write a whole number of days, as 90d: the history is dropped by the day");
        faults.throwIfAny();
    }
}
