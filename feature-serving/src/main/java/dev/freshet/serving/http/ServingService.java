package dev.freshet.serving.http;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.monitoring.Monitored;
import dev.freshet.runtime.monitoring.MonitoredService;
import dev.freshet.runtime.monitoring.Reason;
import dev.freshet.runtime.monitoring.Server;
import dev.freshet.runtime.time.Time;
import dev.freshet.serving.auth.TokenWatch;
import dev.freshet.serving.lookup.Lookup;

/** The process that answers lookups over HTTP. It starts without source and target, and waits for both. */
public final class ServingService implements MonitoredService {
    private static final Logger log = LoggerFactory.getLogger(ServingService.class);

    private final FreshetConfig config;
    private final @Nullable TokenWatch tokens;
    private final @Nullable Explain explain;
    private final Time time;
    private final ServingMeter meter;
    private final Monitored monitored = new Monitor();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile @Nullable ServingParts running;

    private ServingService(FreshetConfig config, @Nullable TokenWatch tokens, @Nullable Explain explain, Time time) {
        this.config = config;
        this.tokens = tokens;
        this.explain = explain;
        this.time = time;
        meter = new ServingMeter(time);
    }

    /** @throws dev.freshet.runtime.config.ConfigException if the file of tokens cannot be used */
    public static ServingService of(FreshetConfig config, Time time) {
        return of(config, null, time);
    }

    /**
     * The same that also explains.
     *
     * @param explain null to serve no explanations
     */
    public static ServingService of(FreshetConfig config, @Nullable Explain explain, Time time) {
        Path file = config.serving().tokensFile();
        return new ServingService(config, file == null ? null : new TokenWatch(file, time), explain, time);
    }

    @Override
    public String name() {
        return "serving";
    }

    @Override
    public void start() throws Exception {
        ServingParts parts =
                new ServingParts(config, new Access(tokens, config.serving().host()), explain, meter, time);
        running = parts;
        parts.start();
        if (tokens != null) {
            tokens.start();
        }
        log.info("answering lookups url={} tokens={}", parts.url(), tokens != null);
    }

    /** Where it listens, once it has started. */
    public String url() {
        ServingParts parts = running;
        if (parts == null) {
            throw new IllegalStateException("not started");
        }
        return parts.url();
    }

    @Override
    public CompletionStage<Void> ended() {
        return ended;
    }

    @Override
    public Monitored monitored() {
        return monitored;
    }

    @Override
    public void close() {
        ServingParts parts = running;
        try {
            if (parts != null) {
                parts.close();
            }
        } finally {
            if (tokens != null) {
                tokens.close();
            }
            ended.complete(null);
        }
    }

    /** The target is asked by the service itself, also for those who ask at its own port. */
    private final class Monitor implements Monitored {
        @Override
        public Set<Server> needs() {
            return Set.of();
        }

        @Override
        public List<Reason> reasons() {
            ServingParts parts = running;
            return parts == null
                    ? List.of(new Reason(Reason.Code.STARTING, "it does not listen yet"))
                    : parts.reasons();
        }

        @Override
        public void look(Server database, Connection connection) {
            // Nothing that its own connections do not tell.
        }

        @Override
        public void measure(MeterRegistry meters) {
            meter.measure(meters);
            Gauge.builder("freshet.serving.pool.used", this, it -> it.inUse())
                    .description("Connections to the target that lookups use right now, of serving.pool.size")
                    .register(meters);
            Gauge.builder("freshet.serving.waiters", this, it -> it.waiters())
                    .description("Requests that wait for a min_lsn right now")
                    .register(meters);
            Gauge.builder("freshet.serving.age", this, it -> it.tableAge())
                    .description("How far behind the source the table is at most, by what was read of it last")
                    .baseUnit("seconds")
                    .register(meters);
            Gauge.builder("freshet.serving.tokens.faulty", this, it -> it.isTokenFileFaulty() ? 1 : 0)
                    .description("1 while the file of tokens cannot be used as it stands, so that those of before hold")
                    .register(meters);
        }

        private int inUse() {
            ServingParts parts = running;
            Lookup lookup = parts == null ? null : parts.lookup();
            return lookup == null ? 0 : lookup.connectionsInUse();
        }

        private boolean isTokenFileFaulty() {
            TokenWatch watch = tokens;
            return watch != null && watch.isFaulty();
        }

        private double tableAge() {
            ServingParts parts = running;
            return parts == null ? Double.NaN : parts.tableAge();
        }

        private int waiters() {
            ServingParts parts = running;
            return parts == null ? 0 : parts.waiters();
        }
    }
}
