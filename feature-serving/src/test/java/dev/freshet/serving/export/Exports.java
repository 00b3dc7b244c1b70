package dev.freshet.serving.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.time.Time;

/** Exports into a directory of the test's own. */
final class Exports {
    private final Path directory;
    private final FreshetConfig config;

    Exports(Path directory, FreshetConfig config) {
        this.directory = directory;
        this.config = config;
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    Path csv(String... lines) throws IOException {
        return Files.writeString(file("labels.csv"), String.join("\n", lines) + "\n");
    }

    static ExportRequest request(Path labels, Path out, ExportMode mode) {
        return new ExportRequest(labels, out, mode, BadRows.REFUSE, true, null, "test");
    }

    ExportReport run(ExportRequest request) throws SQLException, IOException {
        return new Export(config, request, ExportProgress.NONE, Time.system()).run();
    }

    /** The totals that are told while orders are read. */
    Set<Long> totalsOfOrders(Path labels) throws SQLException, IOException {
        Set<Long> totals = new HashSet<>();
        ExportProgress progress = (what, done, total) -> {
            if (what.equals("orders read")) {
                totals.add(total);
            }
        };
        ExportRequest request = request(labels, file("train.csv"), ExportMode.EVENT_TIME);
        new Export(config, request, progress, Time.system()).run();
        return totals;
    }

    /** Why labels are refused, which leaves nothing but them. */
    String refusal(Path labels) throws IOException {
        ExportRefusedException refused = catchThrowableOfType(
                ExportRefusedException.class, () -> run(request(labels, file("train.csv"), ExportMode.EVENT_TIME)));
        assertThat(refused).as("refused").isNotNull();
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left.filter(file -> !file.equals(labels)))
                    .as("what is left")
                    .isEmpty();
        }
        return refused.getMessage();
    }

    /** The lines of the output behind its header. */
    List<String> eventTime(Path labels) throws SQLException, IOException {
        Path out =
                run(request(labels, file("train.csv"), ExportMode.EVENT_TIME)).out();
        List<String> lines = Files.readAllLines(out);
        return lines.subList(1, lines.size());
    }

    List<String> eventTime(String... lines) throws SQLException, IOException {
        return eventTime(csv(lines));
    }

    /** Writes what the query gives. */
    static void parquet(Path file, String select) throws SQLException {
        parquet(file, select, "");
    }

    /** @param options more of them, each behind a comma */
    static void parquet(Path file, String select, String options) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'");
            statement.execute("COPY (" + select + ") TO '" + file + "' (FORMAT parquet" + options + ")");
        }
    }

    /** What DuckDB answers, each row as a line. */
    static List<String> duck(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'");
            try (ResultSet rows = statement.executeQuery(sql)) {
                return Shop.lines(rows);
            }
        }
    }
}
