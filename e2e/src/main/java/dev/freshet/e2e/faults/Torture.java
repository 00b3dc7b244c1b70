package dev.freshet.e2e.faults;

import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

import dev.freshet.e2e.bed.Bed;
import dev.freshet.runtime.time.Time;
import dev.freshet.testkit.process.Deadline;

/** Round after round, until told to stop. What is found in one goes on no bed of the next: that one is new. */
final class Torture {
    private final TortureOptions options;
    private final TortureReport report;
    private final Time time;
    private volatile boolean stopped;
    private int beds;
    private @Nullable Bed bed;

    Torture(TortureOptions options, TortureReport report, Time time) {
        this.options = options;
        this.report = report;
        this.time = time;
    }

    /** Makes {@link #run} return soon; from another thread. */
    void stop(Thread running) {
        stopped = true;
        running.interrupt();
    }

    void run(Duration limit) throws Exception {
        Deadline end = Deadline.in(limit);
        try {
            for (int round = 1; !stopped && !end.isPast(); round++) {
                run(round);
            }
        } catch (Exception e) {
            if (!stopped) {
                throw e;
            }
        } finally {
            Thread.interrupted(); // what is left is to be ended in peace
            closeBed();
        }
    }

    private void run(int round) throws Exception {
        SplittableRandom random = options.randomOf(round);
        Round.Plan plan = options.choose(round, random);
        Bed current = bed();
        report.begins(round, plan);
        try {
            Outcome outcome = Round.of(plan, current, random);
            report.ended(round, plan, outcome);
            if (!outcome.findings().isEmpty()) {
                closeBed();
            }
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            if (stopped) {
                throw e;
            }
            report.failed(round, plan, e);
            closeBed();
        }
    }

    private Bed bed() throws Exception {
        Bed open = bed;
        if (open == null) {
            Path directory = options.dataDirectory().resolve("bed-" + ++beds);
            report.progress("starting servers and processes in " + directory);
            open = Bed.start(directory, new SplittableRandom(options.seed() + beds), time);
            bed = open;
        }
        return open;
    }

    private void closeBed() throws Exception {
        Bed open = bed;
        bed = null;
        if (open != null) {
            report.counts(open);
            open.close();
        }
    }
}
