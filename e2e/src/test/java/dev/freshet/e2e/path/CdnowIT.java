package dev.freshet.e2e.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.junit.jupiter.api.Test;

import dev.freshet.ops.drift.DriftReport;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.SharedServers;

/** The purchases of CDNOW's customers (Fader and Hardie's sample), moved so that the last day is today. */
class CdnowIT {
    private static final Path SAMPLE = Path.of("../../shared/data/cdnow_sample.txt");
    private static final int HALF = 3_500;

    private record Purchase(int customer, LocalDate day, String dollars) {
        static Purchase parse(String line) {
            String[] columns = line.strip().split("\\s+");
            return new Purchase(
                    Integer.parseInt(columns[1]),
                    LocalDate.parse(columns[2], DateTimeFormatter.BASIC_ISO_DATE),
                    columns[4]);
        }
    }

    @Test
    void realPurchasesComeOutAsTheTruth() throws Exception {
        assumeTrue(Files.exists(SAMPLE), "the sample of real purchases is not beside the project: " + SAMPLE);
        List<Purchase> purchases = read();
        SharedServers servers = SharedServers.get();
        Database database = servers.newDatabase();
        try (Pipeline pipeline = Pipeline.of(servers, database);
                Connection connection = database.connect()) {
            createTables(connection, purchases);
            insert(connection, purchases, 0, HALF); // the snapshot finds these
            pipeline.startAll();
            insert(connection, purchases, HALF, purchases.size());

            DriftReport report = Truth.assertTableIsTheTruth(database, pipeline);
            assertThat(report.compared()).isEqualTo(2_357);
        }
    }

    private static List<Purchase> read() throws IOException {
        return Files.readAllLines(SAMPLE).stream()
                .filter(line -> !line.isBlank())
                .map(Purchase::parse)
                .toList();
    }

    private static void createTables(Connection connection, List<Purchase> purchases) throws SQLException {
        LocalDate lastDay =
                purchases.stream().map(Purchase::day).max(LocalDate::compareTo).orElseThrow();
        try (Statement statement = connection.createStatement()) {
            statement.execute("""
                    CREATE TABLE users (
                        id bigserial PRIMARY KEY, email text UNIQUE NOT NULL, created_at timestamptz DEFAULT now());
                    CREATE TABLE orders (
                        id bigserial PRIMARY KEY, user_id bigint NOT NULL REFERENCES users(id),
                        total numeric NOT NULL, created_at timestamptz DEFAULT now());
                    CREATE INDEX ON orders (user_id);
                    CREATE FUNCTION moved(day date) RETURNS timestamptz LANGUAGE sql AS
                        $$ SELECT (current_date - ('%s'::date - day)) + interval '0' $$;
                    INSERT INTO users (id, email) SELECT n, n || '@example.com' FROM generate_series(1, %d) n""".formatted(
                    lastDay,
                    purchases.stream().mapToInt(Purchase::customer).max().orElseThrow()));
        }
    }

    private static void insert(Connection connection, List<Purchase> purchases, int from, int to) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO orders (user_id, total, created_at) VALUES (?, ?::numeric, moved(?::date))")) {
            for (Purchase purchase : purchases.subList(from, to)) {
                insert.setLong(1, purchase.customer());
                insert.setString(2, purchase.dollars());
                insert.setString(3, purchase.day().toString());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }
}
