package dev.freshet.runtime.check;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import dev.freshet.runtime.config.DatabaseLogin;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.jdbc.Timeouts;
import dev.freshet.runtime.time.Micros;
import dev.freshet.runtime.time.Time;

/** Source, target and this machine against each other: what a row says is by the source's clock, how old it is by another's. */
public final class ClockChecks implements Checks {
    private static final Duration TOLERANCE = Duration.ofSeconds(1);
    private static final String SELECT = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint";

    private final FreshetConfig config;
    private final Time time;

    public ClockChecks(FreshetConfig config, Time time) {
        this.config = config;
        this.time = time;
    }

    @Override
    public String subject() {
        return "clocks";
    }

    /** How far a clock is ahead of this machine's, give or take half of what asking took. */
    record Offset(String whose, Duration ahead, Duration uncertainty) {}

    @Override
    public List<Finding> find() throws SQLException {
        return findings(
                offset("the source", config.source().login(), config.source().schema()),
                offset("the target", config.target().login(), config.target().schema()));
    }

    /** Setting a clock is the machine's owner's. */
    @Override
    public void fix(Consumer<String> done) {
        // Nothing of it can be mended from here.
    }

    static List<Finding> findings(Offset source, Offset target) {
        List<Finding> findings = new ArrayList<>();
        for (Offset offset : List.of(source, target)) {
            add(findings, offset.whose(), "this machine", offset.ahead(), offset.uncertainty());
        }
        add(
                findings,
                source.whose(),
                target.whose(),
                source.ahead().minus(target.ahead()),
                source.uncertainty().plus(target.uncertainty()));
        return findings;
    }

    private static void add(List<Finding> findings, String one, String other, Duration ahead, Duration uncertainty) {
        if (ahead.abs().minus(uncertainty).compareTo(TOLERANCE) > 0) {
            findings.add(Finding.warning(
                    "The clock of %s is %.1f s %s that of %s: ages are wrong by as much"
                            .formatted(
                                    one,
                                    ahead.abs().toMillis() / 1e3,
                                    ahead.isNegative() ? "behind" : "ahead of",
                                    other),
                    "Synchronise them, as with chrony."));
        }
    }

    private Offset offset(String whose, DatabaseLogin login, String schema) throws SQLException {
        Database database = new Database(login, schema, "freshet-doctor", Timeouts.standard());
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            Instant before = time.now();
            long begin = time.nanoTime();
            try (ResultSet row = statement.executeQuery(SELECT)) {
                row.next();
                Duration half = Duration.ofNanos((time.nanoTime() - begin) / 2);
                return new Offset(whose, Duration.between(before.plus(half), Micros.toInstant(row.getLong(1))), half);
            }
        }
    }
}
