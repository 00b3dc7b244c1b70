package dev.freshet.e2e.bench;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.List;

import dev.freshet.schemas.Names;

/** From kill -9, under load, until the table is less than half a second behind the source again; restarted at once. */
final class Kill {
    private static final Duration BEFORE = Duration.ofSeconds(3);

    private static final String HAS_CAUGHT_UP =
            "SELECT coalesce(bool_and(lsn >= ?::pg_lsn AND clock_timestamp() - source_time < interval '500 ms'), false)"
                    + " FROM " + Names.COMPLETE_THROUGH;

    private Kill() {}

    static void measure(Trial trial, Values values) throws Exception {
        values.add("killStreamsSeconds", kill(trial, List.of(Deployment.Part.STREAMS)));
        values.add("killAllSeconds", kill(trial, List.of(Deployment.Part.values())));
    }

    private static double kill(Trial trial, List<Deployment.Part> parts) throws Exception {
        try (Load load = new Load(trial, Visibility.RATE);
                PreparedStatement query = trial.connection().prepareStatement(HAS_CAUGHT_UP)) {
            trial.bed().time().pause(BEFORE);
            long killed = trial.nanoTime();
            parts.forEach(part -> trial.deployment().process(part).killHard());
            parts.forEach(trial.deployment()::start);
            query.setString(1, trial.sourceEnd());
            trial.await("the table behind kill -9", () -> {
                try (ResultSet row = query.executeQuery()) {
                    row.next();
                    return row.getBoolean(1);
                }
            });
            double seconds = trial.secondsSince(killed);
            load.requireNoFailure();
            return seconds;
        }
    }
}
