package dev.freshet.serving.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 100,000 labels over 1,000,000 orders: a tenth of what an export is made for, in a test's heap. */
class ExportScaleIT {
    @TempDir
    private Path directory;

    @Test
    void aTenthOfTheSizeIsRightInATestsMemory() throws Exception {
        try (Shop shop = Shop.standard()) {
            Load.fill(shop, 20_000, 1_000_000);
            Path labels = Load.labels(directory.resolve("labels.parquet"), 20_000, 100_000);
            Exports exports = new Exports(directory, shop.config());

            ExportReport report =
                    exports.run(Exports.request(labels, exports.file("train.parquet"), ExportMode.EVENT_TIME));

            System.out.println(report.timings());
            assertThat(report.rows()).isEqualTo(100_000);
            assertThat(report.counts().of(ExportCounts.ORDERS)).isEqualTo(1_000_000);
            Duration whole = report.timings()
                    .labels()
                    .plus(report.timings().extraction())
                    .plus(report.timings().join())
                    .plus(report.timings().write());
            if (Boolean.getBoolean("freshet.measure")) {
                assertThat(whole).isLessThan(Duration.ofMinutes(1));
            }
            List<String> sample = Exports.duck("SELECT user_id, label_time::VARCHAR, order_count_7d, order_count_30d,"
                    + " avg_order_value, last_order_date FROM '" + report.out()
                    + "' WHERE label % 50 = 0 ORDER BY label");
            assertThat(sample).hasSize(2_000).isEqualTo(Load.truth(shop, labels, 50));
        }
    }

    /** Bad inputs, row 43. */
    @Test
    void oneUserMayHaveAMillionLabelsAndAllOfTheOrders() throws Exception {
        try (Shop shop = Shop.standard()) {
            Load.fill(shop, 1, 200_000);
            Path labels = Load.labels(directory.resolve("labels.parquet"), 1, 1_000_000);
            Exports exports = new Exports(directory, shop.config());

            ExportReport report =
                    exports.run(Exports.request(labels, exports.file("train.parquet"), ExportMode.EVENT_TIME));

            assertThat(report.rows()).isEqualTo(1_000_000);
            assertThat(Exports.duck("SELECT count(*) FROM (SELECT label, row_number() OVER () - 1 AS place FROM '"
                            + report.out() + "') WHERE label <> place"))
                    .as("labels out of their order")
                    .containsExactly("0");
            List<String> sample = Exports.duck("SELECT user_id, label_time::VARCHAR, order_count_7d, order_count_30d,"
                    + " avg_order_value, last_order_date FROM '" + report.out()
                    + "' WHERE label % 25000 = 0 ORDER BY label");
            assertThat(sample).hasSize(40).isEqualTo(Load.truth(shop, labels, 25_000));
        }
    }
}
