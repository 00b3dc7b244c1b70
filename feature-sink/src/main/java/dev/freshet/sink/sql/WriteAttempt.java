package dev.freshet.sink.sql;

import static java.util.stream.Collectors.toSet;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Id;
import dev.freshet.sink.rule.Batch;
import dev.freshet.sink.rule.Batch.Upsert;
import dev.freshet.sink.sql.LostEntries.Lost;
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
        return finish(rows, upserts.size() - rows, List.of(), poll.entries());
    }

    /**
     * Writes what the table takes.
     *
     * @param waited the poll's first entries, which have waited and may well have to go on waiting
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
        List<Entry> news = poll.entries().subList(waited.size(), poll.entries().size());
        return finish(
                rows, upserts.size() - waiting.size() - bisection.refused().size() - rows, waiting, news);
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

    private Written finish(int rows, int rejected, List<Entry> waiting, List<Entry> news) throws SQLException {
        int removals = batch.removals().size();
        int removed = statements.removeUsers().run(connection, batch.removals());
        Set<Integer> held =
                waiting.stream().map(entry -> entry.raw().partition()).collect(toSet());
        for (Lost one : settleLost(news)) {
            held.add(one.partition());
        }
        statements
                .watermarks()
                .raise(
                        connection,
                        batch.watermarks().stream()
                                .filter(mark -> !held.contains(mark.partition()))
                                .toList());
        return new Written(rows, removed, rejected + removals - removed, broken.size(), waiting);
    }

    /** Flags the users of whom an entry could not be written, and tells of those that have no row for the flag. */
    private Set<Lost> settleLost(List<Entry> news) throws SQLException {
        Set<Lost> before = statements.lostEntries().read(connection, poll.partitions());
        if (before.isEmpty() && broken.isEmpty()) {
            return before;
        }
        Set<Lost> lost = new LinkedHashSet<>(before);
        lost.removeIf(one -> isTold(one.user(), news));
        for (Broken one : broken) {
            if (one.user() == null || incomplete.contains(one.user())) {
                lost.add(new Lost(one.raw().partition(), one.user()));
            }
        }
        Set<Id> users = new HashSet<>();
        for (Lost one : lost) {
            Id user = one.user();
            if (user != null) {
                users.add(user);
            }
        }
        Set<Id> flagged = statements.markIncomplete().run(connection, users);
        lost.removeIf(one -> one.user() != null && flagged.contains(one.user()));
        if (!lost.equals(before)) {
            statements.lostEntries().replace(connection, poll.partitions(), lost);
        }
        return lost;
    }

    private static boolean isTold(@Nullable Id user, List<Entry> news) {
        return user != null && news.stream().anyMatch(entry -> entry.isOf(user));
    }
}
