package dev.freshet.ops.replay;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import dev.freshet.ops.replay.BuildProgress.Stage;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Activation;
import dev.freshet.runtime.generation.Activation.Obstacle;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.schemas.Names;

/** Asks how far a generation is: what streams has committed of the log, and then what the sink has stored of the features. */
public final class ProgressReader {
    /** What may be left to read of a log that grows while nobody waits for anything: a hundredth, or this many entries. */
    private static final long AT_REST = 500;

    private final FreshetConfig config;
    private final Connection target;
    private final KafkaSide kafka;
    private final Activation activation;

    /** Both stay the caller's to close. */
    public ProgressReader(FreshetConfig config, Connection target, KafkaSide kafka) {
        this.config = config;
        this.target = target;
        this.kafka = kafka;
        activation = new Activation(config.names(), config.catalogue());
    }

    public BuildProgress read(Generation generation) throws SQLException, InterruptedException {
        Optional<Obstacle> obstacle = activation.obstacle(target, generation);
        if (obstacle.isEmpty() || obstacle.get().isComplete()) {
            return new BuildProgress(
                    generation.number(),
                    obstacle.isEmpty() ? Stage.COMPLETE : Stage.CATCHING_UP,
                    1,
                    1,
                    obstacle.map(Obstacle::reason).orElse(null));
        }
        String reason = obstacle.get().reason();
        Names names = config.names();
        KafkaSide.Consumed log = kafka.consumed(
                names.changes(generation.log().number()), kafka.committed(names.application(generation.number())));
        if (log.done() == 0) {
            return new BuildProgress(generation.number(), Stage.WAITING, 0, log.total(), reason);
        }
        if (log.total() - log.done() > Math.max(AT_REST, log.total() / 100)) {
            return new BuildProgress(generation.number(), Stage.READING, log.done(), log.total(), reason);
        }
        KafkaSide.Consumed features = kafka.consumed(names.features(generation.number()), stored(generation));
        if (features.total() == 0) {
            // Nothing is computed before the end of a snapshot, and how long its log will be is not known.
            return new BuildProgress(generation.number(), Stage.READING, log.done(), log.total(), reason);
        }
        return new BuildProgress(generation.number(), Stage.WRITING, features.done(), features.total(), reason);
    }

    private Map<Integer, Long> stored(Generation generation) throws SQLException {
        try (PreparedStatement select =
                target.prepareStatement("SELECT part, next FROM " + Names.SINK_OFFSETS + " WHERE generation = ?")) {
            select.setInt(1, generation.number());
            Map<Integer, Long> stored = new HashMap<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    stored.put(rows.getInt(1), rows.getLong(2));
                }
            }
            return stored;
        }
    }
}
