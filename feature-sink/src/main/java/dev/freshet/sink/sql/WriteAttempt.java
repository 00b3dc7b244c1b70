package dev.freshet.sink.sql;

import static java.util.stream.Collectors.toSet;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import dev.freshet.schemas.Id;
import dev.freshet.sink.rule.Batch;
import dev.freshet.sink.rule.Batch.Upsert;
import dev.freshet.sink.sql.Poll.Broken;
import dev.freshet.sink.sql.Poll.Entry;

/** What one transaction does, between its begin and its commit. */
final class WriteAttempt {
    private final Statements statements;
    private final Connection connection;
    private final Poll poll;
    private final Batch batch;
    private final List<Broken> broken;
    private final Set<Id> incomplete;

    WriteAttempt(Statements statements, Connection connection, Poll poll) {
        this.statements = statements;
        this.connection = connection;
        this.poll = poll;
        batch = poll.batch();
        broken = new ArrayList<>(poll.broken());
        incomplete = new LinkedHashSet<>(poll.leftIncomplete());
    }

    /** Fails as a whole when the table refuses a row. */
    Written inOnePiece() throws SQLException {
        claim();
        List<Upsert> upserts = batch.upserts();
        int rows = statements.upsertUsers().run(connection, upserts);
        return finish(rows, upserts.size() - rows, List.of());
    }

    /**
     * Writes what the table takes.
     *
     * @param waited entries of the poll that have waited, and may well have to go on waiting
     */
    Written byHalves(List<Entry> waited) throws SQLException {
        claim();
        // A deferred foreign key would otherwise speak only at the commit, and not say of which row.
        try (java.sql.Statement statement = connection.createStatement()) {
            statement.execute("SET CONSTRAINTS ALL IMMEDIATE");
        }
        List<Upsert> upserts = batch.upserts();
        List<Upsert> doubtful = upserts.stream()
                .filter(upsert -> waited.stream().anyMatch(entry -> entry.isOf(upsert.user())))
                .toList();
        List<Upsert> rest = new ArrayList<>(upserts);
        rest.removeAll(doubtful);
        Bisection bisection = new Bisection(connection, statements.upsertUsers());
        bisection.run(rest);
        bisection.run(doubtful);

        for (Bisection.Refused one : bisection.refused()) {
            broken.add(new Broken(poll.origin(one.upsert()).raw(), one.upsert().user(), one.reason()));
            incomplete.add(one.upsert().user());
        }
        List<Entry> waiting = bisection.withoutUser().stream().map(poll::origin).toList();
        statements.waitingRows().replace(connection, poll.partitions(), waiting);
        int rows = bisection.written();
        return finish(
                rows, upserts.size() - waiting.size() - bisection.refused().size() - rows, waiting);
    }

    /** The entries that the dead letters have to have before the commit. */
    List<Broken> broken() {
        return broken;
    }

    private void claim() throws SQLException {
        if (!statements.offsets().claim(connection, poll.claims())) {
            throw new LostPositionException("a position is not where it was read from: " + poll.claims());
        }
    }

    private Written finish(int rows, int rejected, List<Entry> waiting) throws SQLException {
        int removals = batch.removals().size();
        int removed = statements.removeUsers().run(connection, batch.removals());
        statements.markIncomplete().run(connection, incomplete);
        Set<Integer> held =
                waiting.stream().map(entry -> entry.raw().partition()).collect(toSet());
        statements
                .watermarks()
                .raise(
                        connection,
                        batch.watermarks().stream()
                                .filter(mark -> !held.contains(mark.partition()))
                                .toList());
        return new Written(rows, removed, rejected + removals - removed, broken.size(), waiting);
    }
}
