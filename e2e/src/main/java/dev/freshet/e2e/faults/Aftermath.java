package dev.freshet.e2e.faults;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import dev.freshet.e2e.bed.Bed;
import dev.freshet.e2e.bed.Ended;
import dev.freshet.e2e.bed.Instance;
import dev.freshet.e2e.bed.Part;
import dev.freshet.e2e.process.OutOfPatienceException;
import dev.freshet.ops.drift.DriftCheck;
import dev.freshet.ops.drift.DriftCheckException;
import dev.freshet.ops.drift.DriftReport;
import dev.freshet.ops.truth.TruthFunction;
import dev.freshet.runtime.lifecycle.ExitCode;

/** What has to hold when all is healed: everything is ready again, the table is the truth, and nothing was lost on the way. */
final class Aftermath {
    /** How long it takes is told; that it ends has to be so on a machine that is busy with other things, too. */
    private static final Duration BACK = Duration.ofMinutes(4);

    private static final Duration CAUGHT_UP = Duration.ofMinutes(2);
    private static final int MOST_ENDS = 8;

    /** What no fault excuses. */
    private static final List<String> NEVER_SAID =
            List.of("guard_rejected=", "stands still for good", "OutOfMemoryError");

    private final Bed bed;
    private final Consumer<String> findings;

    Aftermath(Bed bed, Consumer<String> findings) {
        this.bed = bed;
        this.findings = findings;
    }

    /** Returns how long it took until everything was ready again. */
    Duration awaitReady() throws Exception {
        long began = bed.time().nanoTime();
        try {
            bed.awaitReady(BACK);
        } catch (OutOfPatienceException e) {
            findings.accept("not ready again " + BACK + " after all was healed: " + bed.notReady());
        }
        return Duration.ofNanos(bed.time().nanoTime() - began);
    }

    /** Returns how many rows were compared with the truth. */
    long check() throws Exception {
        bed.load().pause();
        long compared = compareTable();
        bed.load().resume();
        lookAtEnds(bed.processes().takeEnds());
        for (Part part : Part.values()) {
            lookAtLog(bed.first(part));
        }
        long letters = bed.logEnds().ofOnlyPartition(bed.names().deadLetters());
        if (letters > 0) {
            findings.accept("an outage was taken for bad records: there are dead letters up to offset " + letters);
        }
        bed.watch().takeFindings().forEach(finding -> findings.accept("a reader: " + finding));
        return compared;
    }

    private long compareTable() throws SQLException {
        try (Connection connection = bed.tables().connect()) {
            TruthFunction.of(bed.config()).install(connection);
            DriftReport report = DriftCheck.of(bed.config()).run(connection, CAUGHT_UP);
            if (!report.isClean() || report.incomplete() > 0) {
                findings.accept("the table is not the truth: " + report);
            }
            return report.compared();
        } catch (DriftCheckException e) {
            findings.accept(String.valueOf(e.getMessage()));
            return 0;
        }
    }

    /** Codes that ask for a new start are for supervisors; every other one, of a process that was not made to end, is a finding. */
    private void lookAtEnds(List<Ended> ends) {
        List<Ended> byThemselves = ends.stream().filter(end -> !end.isOurs()).toList();
        byThemselves.stream()
                .filter(end -> end.code() != ExitCode.TEMPORARY.code())
                .forEach(end -> findings.accept(end.toString()));
        if (byThemselves.size() > MOST_ENDS) {
            findings.accept("processes have ended by themselves again and again: " + byThemselves);
        }
    }

    private void lookAtLog(Instance instance) {
        instance.newLog()
                .lines()
                .filter(line -> NEVER_SAID.stream().anyMatch(line::contains))
                .forEach(line -> findings.accept(instance.name() + " said: " + line));
    }
}
