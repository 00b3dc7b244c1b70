package dev.freshet.ops.status;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

import dev.freshet.ops.deadletters.DeadLetters;
import dev.freshet.ops.status.StatusReport.GenerationStatus;
import dev.freshet.ops.status.StatusReport.SlotStatus;
import dev.freshet.ops.status.StatusReport.TableStatus;
import dev.freshet.ops.status.StatusReport.Unreachable;
import dev.freshet.runtime.config.DatabaseLogin;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.jdbc.Timeouts;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.time.Micros;
import dev.freshet.runtime.time.Time;

/** Asks each server once, whatever comes of the others. Changes nothing. */
public final class StatusCheck {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration STATEMENT = Duration.ofSeconds(20);
    private static final double MICROS_PER_SECOND = 1e6;

    private final FreshetConfig config;
    private final Time time;
    private final List<Unreachable> unreachable = new ArrayList<>();
    private final List<Generation> generations = new ArrayList<>();
    private final Map<Integer, TableStatus> tables = new HashMap<>();
    private final Map<Integer, TargetView.Complete> complete = new HashMap<>();
    private final Map<Integer, Map<Integer, Long>> featureEnds = new HashMap<>();
    private final Map<Integer, Long> streamsLags = new HashMap<>();
    private final Map<Integer, Long> sinkLags = new HashMap<>();

    private StatusCheck(FreshetConfig config, Time time) {
        this.config = config;
        this.time = time;
    }

    /** What they say now. */
    public static StatusReport run(FreshetConfig config, Time time) throws InterruptedException {
        return new StatusCheck(config, time).run();
    }

    private StatusReport run() throws InterruptedException {
        target();
        long read = Micros.of(time.now()); // here: a source that is away is waited for, and would make every age longer
        SourceView source = source();
        setAges(source == null ? read : source.clock());
        Long deadLetters = kafka();
        sinkLags();
        List<SlotStatus> slots = source == null ? List.of() : source.slots();
        return new StatusReport(
                generations.stream().map(this::status).toList(), slots, deadLetters, List.copyOf(unreachable));
    }

    private GenerationStatus status(Generation generation) {
        int number = generation.number();
        return new GenerationStatus(generation, tables.get(number), streamsLags.get(number), sinkLags.get(number));
    }

    private static Database database(DatabaseLogin login, String schema) {
        return new Database(
                login,
                schema,
                "freshet-status",
                new Timeouts(CONNECT, STATEMENT.plus(CONNECT), STATEMENT, CONNECT, STATEMENT));
    }

    private @Nullable SourceView source() {
        Database source = database(config.source().login(), config.source().schema());
        try (Connection connection = source.open()) {
            return SourceView.read(connection, config.names());
        } catch (SQLException e) {
            fails("source", e);
            return null;
        }
    }

    private void target() {
        Database target = database(config.target().login(), config.target().schema());
        try (Connection connection = target.open()) {
            TargetView view = new TargetView(connection, config.names());
            generations.addAll(view.generations());
            for (Generation generation : generations) {
                put(tables, generation, view.table(generation));
            }
            for (Generation generation : generations) {
                if (tables.containsKey(generation.number())) {
                    put(complete, generation, view.complete(generation));
                }
            }
        } catch (SQLException e) {
            fails("target", e);
        }
    }

    /** @param now by a clock that was read behind how complete the tables are, so that no age is understated */
    private void setAges(long now) {
        complete.forEach((number, reached) -> tables.computeIfPresent(
                number,
                (same, table) ->
                        table.completeTo(reached.lsn(), Math.max(0, now - reached.time()) / MICROS_PER_SECOND)));
    }

    private @Nullable Long kafka() throws InterruptedException {
        try (KafkaView kafka = new KafkaView(config)) {
            for (Generation generation : generations) {
                if (generation.state().isFed()) {
                    put(streamsLags, generation, kafka.streamsLag(generation));
                    put(featureEnds, generation, kafka.featureEnds(generation));
                }
            }
            return kafka.hasDeadLetters() ? DeadLetters.of(config, time).count() : 0L;
        } catch (ExecutionException e) {
            fails("kafka", e.getCause() == null ? e : e.getCause());
        } catch (KafkaException | Stop.Restart e) {
            fails("kafka", e);
        }
        return null;
    }

    /** Behind the ends of the topics, or a sink that keeps up would seem to be behind. */
    private void sinkLags() {
        if (featureEnds.isEmpty()) {
            return;
        }
        Database target = database(config.target().login(), config.target().schema());
        try (Connection connection = target.open()) {
            TargetView view = new TargetView(connection, config.names());
            for (Map.Entry<Integer, Map<Integer, Long>> ends : featureEnds.entrySet()) {
                sinkLags.put(ends.getKey(), KafkaView.behind(ends.getValue(), view.sinkOffsets(ends.getKey())));
            }
        } catch (SQLException e) {
            fails("target", e);
        }
    }

    private static <V> void put(Map<Integer, V> values, Generation generation, @Nullable V value) {
        if (value != null) {
            values.put(generation.number(), value);
        }
    }

    /** A server that fails twice is told of once. */
    private void fails(String server, Throwable reason) {
        if (unreachable.stream().anyMatch(one -> one.server().equals(server))) {
            return;
        }
        String message = reason.getMessage();
        unreachable.add(new Unreachable(
                server,
                message == null
                        ? reason.toString()
                        : message.lines().findFirst().orElse("")));
    }
}
