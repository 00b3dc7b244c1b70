package dev.freshet.ingest;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.GenerationFollower;
import dev.freshet.runtime.lifecycle.Diagnosis;
import dev.freshet.runtime.lifecycle.ExitCode;
import dev.freshet.runtime.lifecycle.Stop;

/** The change logs that are fed: begins one within an interval of its generation's begin, and ends one that nobody reads. */
final class Logs implements AutoCloseable {
    private static final Logger logger = LoggerFactory.getLogger(Logs.class);

    private final LogRun.Shared shared;
    private final IngestProgress progress;
    private final GenerationFollower follower;
    private final Set<Integer> givenUp = ConcurrentHashMap.newKeySet();

    /** @param interval between two looks at the register */
    Logs(LogRun.Shared shared, IngestProgress progress, Duration interval) {
        this.shared = shared;
        this.progress = progress;
        follower = new GenerationFollower("ingest-logs", this::fed, this::begin, interval, shared.time());
    }

    void start() {
        follower.start();
    }

    /** Completes with the reason when a log cannot be fed that cannot be left alone either. */
    CompletionStage<Void> ended() {
        return follower.ended();
    }

    private List<Generation> fed() {
        List<Generation> logs = shared.lead().choice().fedLogsIfTold();
        if (logs.isEmpty()) {
            throw new Stop.Restart("no generation is fed any more: the next start begins one");
        }
        shared.lead().pace().see(logs, false);
        progress.see(logs);
        return logs;
    }

    private RunningLog begin(Generation log) {
        LogRun run = new LogRun(shared, log, progress.begin(log));
        return new RunningLog(
                        log.number(),
                        run,
                        reason -> failed(log, reason),
                        () -> progress.end(log.number()),
                        shared.time())
                .started();
    }

    /**
     * What is broken for a build alone, or has not passed by itself, must not stop what readers see; with any other failure the process
     * ends.
     */
    private void failed(Generation log, Throwable reason) {
        Throwable diagnosed = Diagnosis.of(reason);
        if (ExitCode.of(diagnosed) == ExitCode.OPERATOR || (log.isReplayBuilding() && reason instanceof Exception)) {
            try {
                shared.kafka().requireLead();
            } catch (Exception e) {
                // Whoever leads by now has made of the slot what this one takes for a fault.
                follower.fail(log, new Stop.Restart("the connection that holds the leader's lock is lost", e));
                return;
            }
            // Without the cure: what cures a log that readers depend on would do away with them.
            String why = diagnosed instanceof Stop.Operator operator
                    ? operator.reason()
                    : String.valueOf(diagnosed.getMessage());
            if (giveUp(log.number(), why) || givenUp.contains(log.number())) {
                return;
            }
        }
        if (!givenUp.contains(log.number())) {
            follower.fail(log, reason);
        }
    }

    /**
     * Gives up the replay that is being built on this log, if one is: it ends within an interval, and its slot is dropped.
     *
     * @return whether nobody depends on the log: one was, or nothing reads it any more
     */
    boolean giveUp(int log, String reason) {
        try {
            if (shared.lead().choice().giveUp(log, reason)) {
                givenUp.add(log);
                return true;
            }
        } catch (SQLException | RuntimeException e) {
            logger.warn("cannot give up generation={}", log, e);
        }
        return false;
    }

    /** Ends all; the next ingest finds them as they are. */
    @Override
    public void close() {
        follower.close();
    }
}
