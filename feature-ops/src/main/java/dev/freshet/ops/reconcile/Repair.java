package dev.freshet.ops.reconcile;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import dev.freshet.runtime.generation.Generations;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.repair.RepairRequests;
import dev.freshet.runtime.repair.RepairRequests.Outcome;
import dev.freshet.runtime.time.Time;

/**
 * Has users repaired: asks ingest to read them anew from the source and to replace all that the change log has of them, and waits
 * until the table shows what follows. The table itself is never written to.
 */
final class Repair {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int AT_ONCE = 10_000;

    private final RepairRequests requests;
    private final Generations generations;
    private final TableSide table;
    private final Duration patience;
    private final Time time;

    /** @param patience how long nothing may be answered before the rest is taken back */
    Repair(Connection target, TableSide table, Duration patience, Time time) {
        requests = new RepairRequests(target);
        generations = new Generations(target);
        this.table = table;
        this.patience = patience;
        this.time = time;
    }

    /** @throws Stop.Operator if there is no table that readers could see */
    RepairReport run(List<String> users, String note, Reconcile.Progress progress)
            throws SQLException, InterruptedException {
        requests.createTable();
        int live = generations
                .live()
                .map(one -> one.log().number())
                .orElseThrow(() -> new Stop.Operator("no generation is live", "Wait for the first snapshot's end"));
        List<Long> ids = new ArrayList<>();
        for (int from = 0; from < users.size(); from += AT_ONCE) {
            List<String> asked = users.subList(from, Math.min(users.size(), from + AT_ONCE));
            ids.addAll(requests.ask(live, asked, note));
            for (int log : generations.fedLogs()) {
                if (log != live) {
                    // Not waited for: a build may take hours, and readers see nothing of it.
                    requests.ask(log, asked, note);
                }
            }
        }
        Outcome outcome = await(ids, progress);
        if (outcome.open() > 0) {
            requests.withdraw(ids);
        }
        if (outcome.done() > 0
                && table.readPast(outcome.through(), List.of(), patience).isEmpty()) {
            throw new Stop.Restart("the users are replaced in the change log, but the table did not follow within "
                    + patience.toSeconds() + " s: do streams and sink run?");
        }
        return new RepairReport(users.size(), outcome.done(), outcome.open(), outcome.refusals());
    }

    private Outcome await(Collection<Long> ids, Reconcile.Progress progress) throws SQLException, InterruptedException {
        Outcome outcome = requests.outcome(ids);
        long answeredAt = time.nanoTime();
        while (outcome.open() > 0 && time.nanoTime() - answeredAt < patience.toNanos()) {
            time.pause(POLL);
            Outcome next = requests.outcome(ids);
            if (next.open() < outcome.open()) {
                answeredAt = time.nanoTime();
            }
            outcome = next;
            progress.at(ids.size() - outcome.open(), ids.size());
        }
        return outcome;
    }
}
