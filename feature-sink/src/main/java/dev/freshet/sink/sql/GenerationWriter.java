package dev.freshet.sink.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

import dev.freshet.runtime.jdbc.SqlFault;
import dev.freshet.runtime.jdbc.Transaction;
import dev.freshet.sink.sql.Poll.Entry;

/**
 * Writes polls of one generation's features topic into the target, each in one transaction with its positions, history and
 * watermarks.
 *
 * <p>Where the table has a foreign key to users, rows of users that are not there wait, and with them their partition's
 * watermark, until the user comes or its removal does. {@link #positions} tells which wait from earlier on.
 *
 * <p>A user of whom an entry can never be written is flagged incomplete; where there is no row to flag, or the user cannot be
 * read, the partition's watermark stands still instead, over restarts too.
 */
public final class GenerationWriter {
    private final Statements statements;
    private final SortedMap<Integer, List<Entry>> waiting = new TreeMap<>();

    /** @param clock the SQL expression of the target's time: {@code now()} */
    public GenerationWriter(GenerationTarget target, FeatureColumns columns, String clock) {
        statements = Statements.of(target, columns, clock);
    }

    /**
     * Where to go on reading these partitions.
     *
     * @param decode gives an entry that waits its meaning again
     */
    public SortedMap<Integer, Position> positions(
            Connection connection, Collection<Integer> partitions, Function<Poll.Raw, Entry> decode)
            throws SQLException {
        SortedMap<Integer, Position> positions = statements.offsets().read(connection, partitions);
        forget(partitions);
        for (Poll.Raw raw : statements.waitingRows().read(connection, partitions)) {
            keepWaiting(decode.apply(raw));
        }
        return positions;
    }

    /** Forgets partitions that are another's now. */
    public void forget(Collection<Integer> partitions) {
        waiting.keySet().removeAll(partitions);
    }

    /** The partitions in which entries wait, which are to be tried again with or without news. */
    public Set<Integer> waitingPartitions() {
        return Set.copyOf(waiting.keySet());
    }

    /**
     * @param beforeCommit run when all is done but the commit
     * @throws LostPositionException if a position is not what the poll was read from
     * @throws MissingDayException if the history has no partition for today
     */
    public Written write(Connection connection, Poll poll, DeadLetters letters, Runnable beforeCommit)
            throws SQLException {
        List<Entry> waited = poll.partitions().stream()
                .flatMap(partition -> waiting.getOrDefault(partition, List.of()).stream())
                .toList();
        try {
            if (waited.isEmpty()) {
                try {
                    return attempt(connection, poll, letters, beforeCommit, WriteAttempt::inOnePiece);
                } catch (SQLException e) {
                    if (SqlFault.of(e) != SqlFault.ROW || MissingDayException.isReasonOf(e)) {
                        throw e;
                    }
                }
            }
            Written written =
                    attempt(connection, poll.with(waited), letters, beforeCommit, attempt -> attempt.byHalves(waited));
            forget(poll.partitions());
            written.waiting().forEach(this::keepWaiting);
            return written;
        } catch (SQLException e) {
            if (MissingDayException.isReasonOf(e)) {
                throw new MissingDayException(e);
            }
            throw e;
        }
    }

    private interface Work {
        Written run(WriteAttempt attempt) throws SQLException;
    }

    private Written attempt(Connection connection, Poll poll, DeadLetters letters, Runnable beforeCommit, Work work)
            throws SQLException {
        return Transaction.run(connection, statement -> {
            WriteAttempt attempt = new WriteAttempt(statements, connection, poll);
            Written written = work.run(attempt);
            if (!attempt.broken().isEmpty()) {
                letters.send(attempt.broken());
            }
            beforeCommit.run();
            return written;
        });
    }

    private void keepWaiting(Entry entry) {
        waiting.computeIfAbsent(entry.raw().partition(), partition -> new ArrayList<>())
                .add(entry);
    }
}
