package dev.freshet.streams;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.Generations;
import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.jdbc.SqlFault;
import dev.freshet.runtime.jdbc.Timeouts;
import dev.freshet.runtime.lifecycle.Service;
import dev.freshet.runtime.retry.Backoff;
import dev.freshet.runtime.retry.Retry;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.avro.RegistryClients;

/**
 * The process feature-streams: runs the job of every generation that changes still flow into, and starts and ends jobs as
 * the register of generations says.
 */
public final class StreamsService implements Service {
    private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);

    private final FreshetConfig config;
    private final Time time;
    private final SchemaRegistryClient registry;
    private final Database target;
    private final Map<Integer, RunningJob> jobs = new HashMap<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final Thread follower = new Thread(this::follow, "freshet-streams-generations");

    private StreamsService(FreshetConfig config, Time time, SchemaRegistryClient registry) {
        this.config = config;
        this.time = time;
        this.registry = registry;
        target =
                new Database(config.target().login(), config.target().schema(), "freshet-streams", Timeouts.standard());
    }

    /** @throws dev.freshet.runtime.config.ConfigException if the configuration does not say where to keep state */
    public static StreamsService of(FreshetConfig config, Time time) {
        config.streams().requireStateDir();
        SchemaRegistryClient registry =
                RegistryClients.open(config.registry().url(), config.registry().properties());
        return new StreamsService(config, time, registry);
    }

    @Override
    public String name() {
        return "streams";
    }

    @Override
    public void start() {
        follower.start();
    }

    @Override
    public CompletionStage<Void> ended() {
        return ended;
    }

    private void follow() {
        try {
            Retry register =
                    Retry.forever("reading the register of generations", Backoff.standard(), SqlFault::isPassing, time);
            while (!ended.isDone()) {
                run(register.call(this::active));
                time.pause(POLL_INTERVAL);
            }
        } catch (InterruptedException e) {
            // close() asks us to end. The flag stays cleared: the jobs are still to be closed, and that waits.
            ended.complete(null);
        } catch (Exception e) {
            ended.completeExceptionally(e);
        } finally {
            jobs.values().forEach(RunningJob::close);
        }
    }

    private List<Generation> active() throws SQLException {
        try (Connection connection = target.open()) {
            Generations generations = new Generations(connection);
            generations.createTable();
            return generations.active();
        }
    }

    private void run(List<Generation> active) throws InterruptedException {
        Map<Integer, Generation> wanted =
                active.stream().collect(Collectors.toMap(Generation::number, generation -> generation));
        for (int number : List.copyOf(jobs.keySet())) {
            if (!wanted.containsKey(number)) {
                jobs.remove(number).abandon();
            }
        }
        for (Generation generation : active) {
            if (!jobs.containsKey(generation.number())) {
                jobs.put(
                        generation.number(),
                        RunningJob.start(config, generation, registry, time, ended::completeExceptionally));
            }
        }
    }

    @Override
    public void close() {
        follower.interrupt();
        try {
            follower.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ended.complete(null);
    }
}
