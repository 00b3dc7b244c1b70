package dev.freshet.ops.erase;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.repair.RepairRequests;
import dev.freshet.runtime.repair.RepairRequests.Outcome;
import dev.freshet.runtime.time.Time;

/** Has ingest, the only writer of the change logs, end a user there: it looks once more whether the source has the user. */
final class LogEnd {
    private static final Duration POLL = Duration.ofMillis(100);

    /** What ingest appends in one Kafka transaction. */
    private static final int KEYS = 5_000;

    private final RepairRequests requests;
    private final ErasedUser user;
    private final Duration patience;
    private final Time time;

    /**
     * What ingest did.
     *
     * @param through an LSN, as a number, behind all that it appended
     * @param lastRequest the number of the last request that it answered
     */
    record Answered(long through, long lastRequest) {}

    LogEnd(Connection target, ErasedUser user, Duration patience, Time time) {
        requests = new RepairRequests(target);
        this.user = user;
        this.patience = patience;
        this.time = time;
    }

    /**
     * Returns when it is done.
     *
     * @param logs by number, the keys that each log has of the user
     * @return what it answered
     * @throws Stop.Operator if ingest refuses
     * @throws Stop.Restart if it does not answer
     */
    Answered ask(Map<Integer, List<byte[]>> logs) throws SQLException, InterruptedException {
        requests.createTable();
        List<Long> ids = new ArrayList<>();
        for (Map.Entry<Integer, List<byte[]>> log : logs.entrySet()) {
            List<byte[]> keys = log.getValue();
            int from = 0;
            do {
                int to = Math.min(keys.size(), from + KEYS);
                ids.add(requests.askErasure(log.getKey(), user.text(), keys.subList(from, to)));
                from = to;
            } while (from < keys.size());
        }
        try {
            return new Answered(
                    await(ids), ids.stream().mapToLong(Long::longValue).max().orElse(0));
        } finally {
            requests.withdraw(ids);
        }
    }

    private long await(List<Long> ids) throws SQLException, InterruptedException {
        Outcome outcome = requests.outcome(ids);
        long answeredAt = time.nanoTime();
        while (outcome.open() > 0) {
            if (time.nanoTime() - answeredAt > patience.toNanos()) {
                throw new Stop.Restart("ingest did not end the user in the change log within " + patience.toSeconds()
                        + " s: does it run? freshet status tells");
            }
            time.pause(POLL);
            Outcome next = requests.outcome(ids);
            if (next.open() < outcome.open()) {
                answeredAt = time.nanoTime();
            }
            outcome = next;
        }
        if (!outcome.refusals().isEmpty()) {
            throw new Stop.Operator(
                    "ingest refuses to end the user in the change log: " + String.join("; ", outcome.refusals()),
                    "Delete it in the source, and run this again");
        }
        return outcome.through();
    }
}
