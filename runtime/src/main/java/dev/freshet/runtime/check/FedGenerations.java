package dev.freshet.runtime.check;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.Generations;
import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.jdbc.Timeouts;

/** Which generations a deployment has; asks only. */
public final class FedGenerations {
    private FedGenerations() {}

    /** Those that changes flow into, oldest first; none before the first is begun. */
    public static List<Generation> of(FreshetConfig config) throws SQLException {
        Database target =
                new Database(config.target().login(), config.target().schema(), "freshet-doctor", Timeouts.standard());
        try (Connection connection = target.open()) {
            return new Generations(connection)
                    .allIfAny().stream()
                            .filter(generation -> generation.state().isFed())
                            .toList();
        }
    }
}
