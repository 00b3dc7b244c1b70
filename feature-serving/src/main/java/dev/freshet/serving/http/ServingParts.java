package dev.freshet.serving.http;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.monitoring.Reason;
import dev.freshet.runtime.time.Time;
import dev.freshet.serving.lookup.FeatureList;
import dev.freshet.serving.lookup.Lookup;
import dev.freshet.serving.lookup.LsnWaits;
import dev.freshet.serving.lookup.SourceClock;

/** What a running server is made of, and the order in which that starts and ends. */
final class ServingParts implements AutoCloseable {
    static final int MOST_WAITERS = 1_000;

    private final Lookup lookup;
    private final SourceClock clock;
    private final TableAge tableAge;
    private final LsnWaits waits;
    private final TargetWatch watch;
    private final ServingServer server;
    private final ExecutorService behindWaits;

    ServingParts(FreshetConfig config, Access access, @Nullable Explain explain, ServingMeter meter, Time time) {
        lookup = new Lookup(config, time);
        clock = new SourceClock(config, time);
        tableAge = new TableAge(clock, time);
        waits = new LsnWaits(lookup::completeThrough, MOST_WAITERS, time);
        watch = new TargetWatch(lookup, clock, tableAge, config.monitoring().maxAge(), time);
        behindWaits = Executors.newFixedThreadPool(config.serving().poolSize(), ServingParts::thread);
        RequestReader reader = new RequestReader(
                new FeatureList(config.catalogue()), config.source().users().idType());
        Api api = new Api(
                access,
                reader,
                new Answers(lookup, clock, waits, tableAge, config.serving(), time),
                new Pages(watch::reasons),
                new ExplainRequests(explain, reader),
                meter);
        server = new ServingServer(config.serving(), api, meter, time);
    }

    /** As many as can have a connection at once: who has waited is answered in turn. */
    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "serving-behind-waits");
        thread.setDaemon(true);
        return thread;
    }

    void start() throws Exception {
        clock.start();
        watch.start();
        waits.start(behindWaits);
        server.start();
    }

    String url() {
        return server.url();
    }

    Lookup lookup() {
        return lookup;
    }

    int waiters() {
        return waits.count();
    }

    /** In seconds. */
    double tableAge() {
        return tableAge.seconds();
    }

    List<Reason> reasons() {
        return watch.reasons();
    }

    /** Those who wait are told first, while they can be. */
    @Override
    public void close() {
        waits.close();
        behindWaits.shutdown();
        try {
            server.close();
        } finally {
            watch.close();
            clock.close();
            lookup.close();
        }
    }
}
