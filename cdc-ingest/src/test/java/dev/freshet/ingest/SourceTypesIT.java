package dev.freshet.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TimeZone;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.time.Micros;

/** Columns of other types than the contract's, by snapshot and by WAL, where the JVM is not in UTC. */
class SourceTypesIT {
    private TimeZone zone;

    @BeforeEach
    void leaveUtc() {
        zone = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone("Europe/Berlin"));
    }

    @AfterEach
    void goBack() {
        TimeZone.setDefault(zone);
    }

    @Test
    void timestampsAreInUtcAndCentsAreHundredths() throws Exception {
        Deployment deployment = new Deployment();
        try (Shop shop = new Shop(deployment.database, 51)) {
            shop.sql("CREATE TABLE sales (id int PRIMARY KEY, user_id bigint NOT NULL, cents bigint, at timestamp"
                    + " DEFAULT now())");
            shop.sql("INSERT INTO users (id, email) VALUES (1, 'a')");
            deployment.settings.putAll(Map.of(
                    "source.orders.table", "sales",
                    "source.orders.created.at", "at",
                    "source.orders.created.at.type", "timestamp",
                    "source.orders.columns.total", "cents",
                    "source.orders.scale.total", "2"));
            Map<String, String> expected = new TreeMap<>(Map.of("1", "user"));
            addSales(shop, 0, expected);
            try (IngestService service = deployment.started()) {
                Deployment.awaitCaughtUp(service, shop);
                addSales(shop, 100, expected);
                Deployment.awaitCaughtUp(service, shop);
                assertThat(service.progress().deadLetters()).isEqualTo(6);
                for (int times = 0; times < 7; times++) {
                    deployment.repair("1"); // often enough for the driver to prepare what it asks
                }
                assertThat(service.progress().deadLetters()).isEqualTo(6 + 7 * 6);
            }
            Map<String, String> rows = LogView.read(deployment.config(), 1).rows();
            rows.values().removeIf(row -> row.contains("RowUnusable"));
            assertThat(rows).isEqualTo(expected);
        }
    }

    private static void addSales(Shop shop, int id, Map<String, String> expected) throws Exception {
        // An hour that Berlin did not have, one that it had twice, and a day that the Gregorian calendar left out.
        for (String at : new String[] {
            "2024-03-31T02:30:00.123456",
            "2024-10-27T02:30:00",
            "1582-10-10T00:00:00.000001",
            "0001-01-01T00:00:00",
            "9999-12-31T23:59:59.999999"
        }) {
            shop.sql("INSERT INTO sales VALUES (" + ++id + ", 1, " + -id + ", '" + at + "')");
            long micros = Micros.of(LocalDateTime.parse(at).toInstant(ZoneOffset.UTC));
            expected.put("1/" + id, micros + " -" + (id < 100 ? "0.0" : "1.0") + id % 100);
        }
        shop.sql("INSERT INTO sales VALUES (" + ++id + ", 1, 9223372036854775807, NULL)");
        expected.put("1/" + id, "null 92233720368547758.07");
        shop.sql("INSERT INTO sales VALUES (" + ++id + ", 1, 1, 'infinity'), (" + ++id + ", 1, 1, '-infinity'), ("
                + ++id + ", 1, 1, '10000-01-01')");
    }
}
