package dev.freshet.ingest;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.freshet.ingest.source.Preflight;
import dev.freshet.ingest.source.Slot;
import dev.freshet.runtime.check.Checks;
import dev.freshet.runtime.check.FedGenerations;
import dev.freshet.runtime.check.Finding;
import dev.freshet.runtime.config.ConfigException;
import dev.freshet.runtime.config.Fault;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.GenerationState;
import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.jdbc.Timeouts;

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
            List<Finding> findings = new ArrayList<>(slot(connection));
            findings.addAll(new Preflight(SourceMapping.of(config), false).inspect(connection));
            return findings;
        }
    }

    private List<Finding> slot(Connection connection) throws SQLException {
        Slot slot = new Slot(config.names().slot());
        Optional<Slot.State> state = slot.state(connection);
        if (state.isEmpty()) {
            List<Finding> findings = new ArrayList<>(Preflight.roomForSlot(connection));
            if (generations.stream().anyMatch(generation -> generation.state() == GenerationState.LIVE)) {
                findings.add(new Finding(
                        "Replication slot " + slot.name() + " is gone, and with it the changes since ingest last ran",
                        "Start ingest: it says how to begin a new generation."));
            }
            return findings;
        }
        try {
            SlotTakeover.requireOurs(slot, connection, config.names());
        } catch (ConfigException e) {
            return e.faults().stream().map(IngestChecks::finding).toList();
        }
        return state.get().lost()
                ? List.of(new Finding(
                        "Replication slot " + slot.name() + " is lost: the source has removed WAL that was not read",
                        "Start ingest: it says how to begin a new generation."))
                : List.of();
    }

    private static Finding finding(Fault fault) {
        return new Finding("Setting " + fault.key() + ": " + fault, "Set another name.");
    }

    /**
     * Adds what is missing, but not while a generation is fed from the source, nor when the target cannot tell whether one is: what is
     * put right looks as if it had never been otherwise, and what was left out meanwhile would be missing unnoticed.
     */
    @Override
    public List<String> fix() throws SQLException {
        if (!generations.isEmpty() || !FedGenerations.of(config).isEmpty()) {
            return List.of();
        }
        try (Connection connection = source.open()) {
            return new Preflight(SourceMapping.of(config), false).addWhatIsMissing(connection);
        }
    }
}
