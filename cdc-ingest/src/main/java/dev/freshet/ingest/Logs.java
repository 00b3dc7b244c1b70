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
        LogProgress its = progress.begin(log);
        Failures failures = new Failures(its, shared.time());
        return new RunningLog(
                        log.number(),
                        new LogRun(shared, log, its),
                        reason -> mayGoOn(log, its, failures, reason),
                        () -> progress.end(log.number()),
                        shared.time())
                .started();
    }

    /**
     * What is broken for a build alone must not stop what readers see. What a restart of the process would cure, is cured for a
     * build by another life of its log alone, for as long as now and then one of them gets on; with any other failure the process ends.
     */
    private boolean mayGoOn(Generation log, LogProgress its, Failures failures, Throwable reason) {
        Throwable diagnosed = Diagnosis.of(reason);
        ExitCode code = ExitCode.of(diagnosed);
        boolean isOfBuild = its.isBuild() && code != ExitCode.USAGE && reason instanceof Exception;
        if (code != ExitCode.OPERATOR && !isOfBuild) {
            end(log, reason);
            return false;
        }
        try {
            shared.kafka().requireLead();
        } catch (Exception e) {
            // Whoever leads by now has made of the slot what this one takes for a fault.
            end(log, new Stop.Restart("the connection that holds the leader's lock is lost", e));
            return false;
        }
        if (code == ExitCode.TEMPORARY && failures.mayPass()) {
            return true;
        }
        if (code == ExitCode.INTERNAL) {
            logger.error("a fault of Freshet's own in the build of generation={}", log.number(), reason);
        }
        try {
            if (giveUpIfBuild(log.number(), why(diagnosed))) {
                return false;
            }
        } catch (SQLException | RuntimeException e) {
            logger.warn("cannot give up generation={}", log.number(), e);
            if (isOfBuild) {
                return true; // the target is away, and the live log goes on without it
            }
        }
        end(log, reason);
        return false;
    }

    /** Without the cure: what cures a log that readers depend on would do away with them. */
    private static String why(Throwable diagnosed) {
        return diagnosed instanceof Stop.Operator operator ? operator.reason() : String.valueOf(diagnosed);
    }

    private void end(Generation log, Throwable reason) {
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
            return giveUpIfBuild(log, reason);
        } catch (SQLException | RuntimeException e) {
            logger.warn("cannot give up generation={}", log, e);
            return false;
        }
    }

    private boolean giveUpIfBuild(int log, String reason) throws SQLException {
        if (givenUp.contains(log)) {
            return true;
        }
        boolean isGivenUp = shared.lead().choice().giveUp(log, reason);
        if (isGivenUp) {
            givenUp.add(log);
        }
        return isGivenUp;
    }

    /** Ends all; the next ingest finds them as they are. */
    @Override
    public void close() {
        follower.close();
    }
}
