package dev.freshet.serving.http;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.monitoring.Reason;
import dev.freshet.runtime.monitoring.Reason.Code;
import dev.freshet.runtime.time.Time;
import dev.freshet.serving.lookup.Age;
import dev.freshet.serving.lookup.Answer;
import dev.freshet.serving.lookup.Lookup;
import dev.freshet.serving.lookup.LookupException;
import dev.freshet.serving.lookup.SourceClock;

/** Whether lookups can be answered, and are worth it: asked of the target every two seconds, by the connections that they use too. */
final class TargetWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TargetWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    private final Lookup lookup;
    private final SourceClock clock;
    private final TableAge tableAge;
    private final Duration maxAge;
    private final Time time;
    private volatile List<Reason> reasons = List.of(new Reason(Code.STARTING, "the target has not been asked yet"));
    private @Nullable Thread thread;

    /** @param maxAge further behind than this it is not ready */
    TargetWatch(Lookup lookup, SourceClock clock, TableAge tableAge, Duration maxAge, Time time) {
        this.lookup = lookup;
        this.clock = clock;
        this.tableAge = tableAge;
        this.maxAge = maxAge;
        this.time = time;
    }

    void start() {
        Thread asking = new Thread(this::run, "serving-target-watch");
        asking.setDaemon(true);
        asking.start();
        thread = asking;
    }

    /** Why it is not ready; empty if it is. */
    List<Reason> reasons() {
        return reasons;
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                look();
                time.pause(INTERVAL);
            }
        } catch (InterruptedException e) {
            log.debug("no longer watching the target");
        }
    }

    private void look() {
        try {
            // The very statement of the lookups: what it lacks, a right or a column, they lack too.
            Answer answer = lookup.find(List.of(), 0);
            tableAge.see(answer);
            tell(reason(Age.of(answer, clock, time)));
        } catch (LookupException e) {
            switch (e.reason()) {
                case BUSY -> log.debug("too busy to ask the target", e);
                case NOT_LIVE -> tell(Optional.of(notLive(e.getMessage())));
                case UNREACHABLE, REFUSED -> {
                    String cause =
                            e.getCause() == null ? "" : ": " + e.getCause().getMessage();
                    String line = (e.getMessage() + cause).lines().findFirst().orElse("");
                    tell(Optional.of(new Reason(Code.TARGET_UNREACHABLE, line)));
                }
            }
        } catch (RuntimeException e) {
            log.error("could not ask the target", e);
        }
    }

    private Optional<Reason> reason(Age age) {
        if (age.isWithin(maxAge)) {
            return Optional.empty();
        }
        Long millis = age.millis();
        return Optional.of(new Reason(
                Code.BEHIND,
                millis == null
                        ? "the clock stands before what the table is complete through, so no age is known"
                        : "the table is %.1f s behind the source".formatted(millis / 1e3)));
    }

    private static Reason notLive(@Nullable String text) {
        return new Reason(Code.BUILDING, String.valueOf(text));
    }

    private void tell(Optional<Reason> reason) {
        List<Reason> now = reason.map(List::of).orElse(List.of());
        boolean isOther = !told(now).equals(told(reasons));
        reasons = now;
        if (isOther) {
            log.info("{}", now.isEmpty() ? "ready" : "not ready reason=" + now.get(0));
        }
    }

    /** What is worth a line when it changes: of one that is behind, not by how much. */
    private static List<String> told(List<Reason> reasons) {
        return reasons.stream()
                .map(reason -> reason.code() == Code.BEHIND ? reason.code().name() : reason.toString())
                .toList();
    }

    @Override
    public void close() {
        Thread asking = thread;
        if (asking != null) {
            asking.interrupt();
        }
    }
}
