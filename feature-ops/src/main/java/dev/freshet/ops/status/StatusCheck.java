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

    private final FreshetConfig config;
    private final Time time;
    private final List<Unreachable> unreachable = new ArrayList<>();
    private final List<Generation> generations = new ArrayList<>();
    private final Map<Integer, TableStatus> tables = new HashMap<>();
    private final Map<Integer, Map<Integer, Long>> sinkOffsets = new HashMap<>();
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
        SourceView source = source();
        target(source == null ? Micros.of(time.now()) : source.clock());
        Long deadLetters = kafka();
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

    private void target(long now) {
        Database target = database(config.target().login(), config.target().schema());
        try (Connection connection = target.open()) {
            TargetView view = new TargetView(connection, config.names());
            generations.addAll(view.generations());
            for (Generation generation : generations) {
                if (generation.state().isFed()) {
                    sinkOffsets.put(generation.number(), view.sinkOffsets(generation.number()));
                }
                TableStatus table = view.table(generation, now);
                if (table != null) {
                    tables.put(generation.number(), table);
                }
            }
        } catch (SQLException e) {
            fails("target", e);
        }
    }

    private @Nullable Long kafka() throws InterruptedException {
        try (KafkaView kafka = new KafkaView(config)) {
            for (Generation generation : generations) {
                Map<Integer, Long> offsets = sinkOffsets.get(generation.number());
                if (offsets != null) {
                    put(streamsLags, generation, kafka.streamsLag(generation));
                    put(sinkLags, generation, kafka.sinkLag(generation, offsets));
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

    private static void put(Map<Integer, Long> lags, Generation generation, @Nullable Long lag) {
        if (lag != null) {
            lags.put(generation.number(), lag);
        }
    }

    private void fails(String server, Throwable reason) {
        String message = reason.getMessage();
        unreachable.add(new Unreachable(
                server,
                message == null
                        ? reason.toString()
                        : message.lines().findFirst().orElse("")));
    }
}
