package dev.freshet.ops.erase;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;

import dev.freshet.runtime.check.Checks;
import dev.freshet.runtime.check.Finding;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.ErasureRegister;
import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.jdbc.Timeouts;

/** Whether an erasure that was killed has left topics as it had altered them; one that is under way has, too. */
public final class ErasureChecks implements Checks {
    private final FreshetConfig config;

    public ErasureChecks(FreshetConfig config) {
        this.config = config;
    }

    @Override
    public String subject() {
        return "kafka";
    }

    @Override
    public List<Finding> find() throws SQLException {
        try (Connection target = open()) {
            return new ErasureRegister(target)
                    .unfinished().stream()
                            .map(one -> new Finding(
                                    "An erasure has altered settings of topics, and not put them back",
                                    "Wait if it is still under way; else run it again, or freshet doctor --fix."))
                            .toList();
        }
    }

    @Override
    public void fix(Consumer<String> done) throws SQLException, InterruptedException {
        try (Connection target = open();
                KafkaSide kafka = new KafkaSide(config)) {
            ErasureRegister register = new ErasureRegister(target);
            boolean isUnderWay = register.unfinished().isEmpty() || !register.lock();
            if (!isUnderWay) {
                Compaction.mend(
                        kafka,
                        register,
                        topic -> done.accept("put back the settings of topic " + topic
                                + ", which an interrupted erasure had altered"));
            }
        }
    }

    private Connection open() throws SQLException {
        return new Database(config.target().login(), config.target().schema(), "freshet-doctor", Timeouts.standard())
                .open();
    }
}
