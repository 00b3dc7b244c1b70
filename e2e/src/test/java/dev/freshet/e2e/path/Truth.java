package dev.freshet.e2e.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

import dev.freshet.ops.drift.DriftCheck;
import dev.freshet.ops.drift.DriftReport;
import dev.freshet.ops.truth.TruthFunction;
import dev.freshet.runtime.source.SourceTables;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.testkit.servers.Database;

/** Holds the whole table against the truth SQL, once it has caught up. */
final class Truth {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private Truth() {}

    /** Returns what was found, which is no difference. */
    static DriftReport assertTableIsTheTruth(Database database, Pipeline pipeline) throws SQLException {
        return assertTableIsTheTruth(database, pipeline, SourceTables.standard());
    }

    /** The same of a shop that calls its tables otherwise. */
    static DriftReport assertTableIsTheTruth(Database database, Pipeline pipeline, SourceTables source)
            throws SQLException {
        try (Connection connection = database.connect()) {
            await("the view of the readers").atMost(PATIENCE).until(() -> hasView(connection));
            new TruthFunction(source, Catalogue.standard()).install(connection);
            DriftReport report = new DriftCheck(source, Catalogue.standard()).run(connection, PATIENCE);
            assertThat(report).as("%s %s", report, pipeline.log()).matches(DriftReport::isClean, "is clean");
            assertThat(report.incomplete()).as("incomplete rows").isZero();
            return report;
        }
    }

    static boolean hasView(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT to_regclass('freshet_complete_through') IS NOT NULL")) {
            row.next();
            return row.getBoolean(1);
        }
    }
}
