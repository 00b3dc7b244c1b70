package dev.freshet.ingest;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

import dev.freshet.ingest.capture.TableDefinitions;
import dev.freshet.ingest.source.Preflight;
import dev.freshet.ingest.source.Slot;
import dev.freshet.runtime.check.Checks;
import dev.freshet.runtime.check.FedGenerations;
import dev.freshet.runtime.check.Finding;
import dev.freshet.runtime.config.ConfigException;
import dev.freshet.runtime.config.Fault;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Bindings;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.GenerationState;
import dev.freshet.runtime.generation.Generations;
import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.jdbc.Timeouts;
import dev.freshet.schemas.Names;

/** Whether the source can be captured; ingest checks the same at its start, but for what a slot needs and what is only advised. */
public final class IngestChecks implements Checks {
    private final FreshetConfig config;
    private final List<Generation> generations;
    private final Database source;

    /** @param generations that changes flow into */
    public IngestChecks(FreshetConfig config, List<Generation> generations) {
        this.config = config;
        this.generations = List.copyOf(generations);
        source = new Database(config.source().login(), config.source().schema(), "freshet-doctor", Timeouts.standard());
    }

    @Override
    public String subject() {
        return "source";
    }

    @Override
    public List<Finding> find() throws SQLException {
        try (Connection connection = source.open()) {
            List<Finding> findings = new ArrayList<>(slots(connection));
            findings.addAll(new Preflight(SourceMapping.of(config), false).inspect(connection));
            findings.addAll(changed(connection));
            return findings;
        }
    }

    private List<Finding> slots(Connection connection) throws SQLException {
        Names names = config.names();
        try {
            SlotTakeover.requireOurs(connection, names);
        } catch (ConfigException e) {
            return e.faults().stream().map(IngestChecks::finding).toList();
        }
        List<Integer> slots = Slot.logs(connection, names);
        List<Finding> findings = new ArrayList<>();
        if (slots.isEmpty()) {
            findings.addAll(Preflight.roomForSlot(connection));
        }
        for (Generation live : generations) {
            int log = live.log().number();
            if (live.state() == GenerationState.LIVE && !slots.contains(log)) {
                findings.add(new Finding(
                        "Replication slot " + names.slot(log)
                                + " is gone, and with it the changes since ingest last ran",
                        Generations.REBUILD));
            }
        }
        for (int log : slots) {
            findings.addAll(slot(log, connection));
        }
        return findings;
    }

    private List<Finding> slot(int log, Connection connection) throws SQLException {
        String name = config.names().slot(log);
        // Without the register, as without a target, none can be told from an orphan.
        if (!generations.isEmpty()
                && generations.stream().noneMatch(one -> one.log().number() == log)) {
            return List.of(new Finding(
                    "Replication slot " + name + " is read for no generation, and keeps WAL on the source's disk",
                    "Start ingest, which drops it; or: SELECT pg_drop_replication_slot('" + name + "');"));
        }
        return new Slot(name).state(connection).filter(Slot.State::lost).isPresent()
                ? List.of(new Finding(
                        "Replication slot " + name + " is lost: the source has removed WAL that was not read",
                        Generations.REBUILD))
                : List.of();
    }

    /** Tables that were put right again are others all the same: what changed meanwhile may be missing in the log. */
    private List<Finding> changed(Connection connection) throws SQLException {
        List<Finding> findings = new ArrayList<>();
        TableDefinitions now = Preflight.definitions(connection, SourceMapping.of(config));
        for (Generation live : generations) {
            if (live.state() == GenerationState.LIVE) {
                int log = live.log().number();
                begunFrom(log)
                        .filter(begun -> !begun.equals(now))
                        .ifPresent(begun -> findings.add(new Finding(
                                "The tables are not as they were when generation " + log + " was begun: "
                                        + begun.difference(now),
                                Generations.REBUILD)));
            }
        }
        return findings;
    }

    /** Empty also of one that was begun with another configuration, which has other tables. */
    private Optional<TableDefinitions> begunFrom(int log) {
        Database target =
                new Database(config.target().login(), config.target().schema(), "freshet-doctor", Timeouts.standard());
        try (Connection connection = target.open()) {
            Bindings bindings = new Bindings(connection);
            return bindings.definition(log).filter(config.definition()::equals).isPresent()
                    ? bindings.sourceTables(log).map(TableDefinitions::new)
                    : Optional.empty();
        } catch (SQLException e) {
            // The target's own checks say so.
            return Optional.empty();
        }
    }

    private static Finding finding(Fault fault) {
        return new Finding("Setting " + fault.key() + ": " + fault, "Set another name.");
    }

    /**
     * Adds what is missing, but not while a generation is fed from the source, nor when the target cannot tell whether one is: what is
     * put right looks as if it had never been otherwise, and what was left out meanwhile would be missing unnoticed.
     */
    @Override
    public void fix(Consumer<String> done) throws SQLException {
        if (generations.isEmpty() && FedGenerations.of(config).isEmpty()) {
            Preflight preflight = new Preflight(SourceMapping.of(config), false);
            try (Connection connection = source.open()) {
                preflight.addWhatIsMissing(connection);
            } finally {
                preflight.done().forEach(done);
            }
        }
    }
}
