package dev.freshet.serving.explain;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.jdbc.Timeouts;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.time.Micros;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.Id;

/**
 * Explains users' features by the orders behind them. Reads source and target, which may be two databases, and writes
 * neither. Safe for use by several threads; each call opens connections of its own.
 */
public final class Explanations {
    private static final String NAME = "freshet-explain";
    private static final Duration STATEMENT = Duration.ofMinutes(2);
    /** The pipeline needs a fraction of a second, so one that needs longer is behind. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final FreshetConfig config;
    private final int limit;
    private final Duration patience;
    private final Time time;

    /** @param limit how many orders are listed at most, the newest ones */
    public Explanations(FreshetConfig config, int limit, Time time) {
        this(config, limit, PATIENCE, time);
    }

    /** @param patience how long the table is waited for where it differs */
    Explanations(FreshetConfig config, int limit, Duration patience, Time time) {
        this.config = config;
        this.limit = limit;
        this.patience = patience;
        this.time = time;
    }

    /**
     * Without an instant, the row of user_features: what it holds and, at its computed_at, what the source's orders of now make.
     * With one, what these orders make at that instant, and what readers saw then, if that is known.
     *
     * @return empty if neither the source nor the table knows the user
     * @throws UnusableInstantException if the instant is later than the source's clock
     * @throws Stop.Operator if there is no table yet
     */
    public Optional<Explanation> of(Id user, @Nullable Instant at) throws SQLException, InterruptedException {
        Timeouts timeouts = Timeouts.standard().withStatement(STATEMENT);
        try (Connection source =
                        new Database(config.source().login(), config.source().schema(), NAME, timeouts).open();
                Connection target =
                        new Database(config.target().login(), config.target().schema(), NAME, timeouts).open()) {
            TableRows table = new TableRows(target, config);
            table.requireComplete();
            SourceRows rows = new SourceRows(source, config);
            return at == null ? now(user, table, rows) : then(user, at, new History(target, config), rows);
        }
    }

    private Optional<Explanation> then(Id user, Instant at, History history, SourceRows rows) throws SQLException {
        Recomputation source = rows.read(user, moment -> {
            if (Micros.of(at) > moment.clock()) {
                throw new UnusableInstantException(at + " is later than the source's clock, "
                        + Micros.toInstant(moment.clock()) + ": features of the future are not known yet");
            }
            return recomputation(moment, Micros.of(at));
        });
        History.Past past = history.read(user, at);
        Look look = new Look(past.table(), source);
        return look.isOfNobody() ? Optional.empty() : Optional.of(explanation(user, look, verdict(look, past)));
    }

    private static Verdict verdict(Look look, History.Past past) {
        if (look.agrees()) {
            return Verdict.AGREES;
        }
        if (!past.isKept()) {
            return Verdict.NOT_KEPT;
        }
        return look.table().row() == null ? Verdict.NOTHING_HELD : Verdict.HELD_OTHERWISE;
    }

    /** What differs is looked at again once the table has all that the first look at the source saw. */
    private Optional<Explanation> now(Id user, TableRows table, SourceRows rows)
            throws SQLException, InterruptedException {
        long deadline = time.nanoTime() + patience.toNanos();
        Look look = look(user, table, rows);
        while (!look.agrees()) {
            if (!table.awaitPast(look.source().moment().lsn(), time, deadline)) {
                return Optional.of(explanation(user, look, Verdict.BEHIND));
            }
            Look next = look(user, table, rows);
            if (!next.agrees() && next.isAsBefore(look)) {
                HeldRow row = next.table().row();
                boolean flagged = row != null && row.incomplete();
                return Optional.of(explanation(user, next, flagged ? Verdict.INCOMPLETE : Verdict.DIFFERS));
            }
            look = next;
            if (!look.agrees() && time.nanoTime() > deadline) {
                return Optional.of(explanation(user, look, Verdict.CHANGING));
            }
        }
        return look.isOfNobody() ? Optional.empty() : Optional.of(explanation(user, look, Verdict.AGREES));
    }

    private Look look(Id user, TableRows table, SourceRows rows) throws SQLException {
        Explanation.Table held = table.read(user);
        HeldRow row = held.row();
        return new Look(
                held,
                rows.read(
                        user,
                        moment -> recomputation(moment, row == null ? moment.clock() : Micros.of(row.computedAt()))));
    }

    private Recomputation recomputation(SourceRows.Moment moment, long at) {
        return new Recomputation(config.catalogue(), moment, at, limit);
    }

    private static Explanation explanation(Id user, Look look, Verdict verdict) {
        return new Explanation(
                user.toString(),
                look.source().at(),
                look.table(),
                look.source().source(),
                look.features(),
                Conclusions.of(verdict, look));
    }
}
