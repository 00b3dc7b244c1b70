package dev.freshet.runtime.config;

import static dev.freshet.runtime.config.ConfigFiles.LEAST;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad inputs, row 23: numbers and durations that cannot be. */
class RangesTest {
    @TempDir
    Path directory;

    private List<String> faults(String yaml) throws IOException {
        return new ConfigFiles(directory).faults(yaml);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "70000", "65536", "99999999999999999999"})
    void aPortThatIsNone(String port) throws IOException {
        assertThat(faults(LEAST.replace("shop:5433", "shop:" + port)))
                .containsExactly("source.url = 'jdbc:postgresql://shop:" + port
                        + "/orders': write jdbc:postgresql://host:port/database with a port from 1 to 65535");
        assertThat(faults(LEAST.replace("broker:9092", "other:9092,broker:" + port)))
                .containsExactly("kafka.bootstrap.servers = 'other:9092,broker:" + port
                        + "': write host:port, with a port from 1 to 65535, and commas between several");
        assertThat(faults(LEAST.replace("registry:8081", "registry:" + port)))
                .singleElement()
                .asString()
                .startsWith("schema.registry.url = 'http://registry:" + port + "': write http://host:port");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql:orders",
                "jdbc:postgresql://shop",
                "jdbc:postgresql://shop/",
                "jdbc:postgresql://shop:/orders",
                "jdbc:postgresql://a:1,b:2/orders",
                "postgresql://shop/orders",
                "shop"
            })
    void anAddressThatIsNone(String url) throws IOException {
        assertThat(faults(LEAST.replace("jdbc:postgresql://shop:5433/orders", url)))
                .containsExactly("source.url = '" + url + "': write jdbc:postgresql://host:port/database");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ingest.poll.interval.ms",
                "ingest.heartbeat.interval.ms",
                "ingest.tick.interval.ms",
                "ingest.source.heartbeat.interval.ms",
                "streams.commit.interval.ms",
                "streams.session.timeout.ms",
                "sink.session.timeout.ms",
                "sink.poll.timeout.ms"
            })
    void aNegativeTimeOrNone(String key) throws IOException {
        for (String value : List.of("-1", "0")) {
            assertThat(faults(LEAST + key + ": " + value + "\n"))
                    .singleElement()
                    .asString()
                    .startsWith(key + " = '" + value + "': write milliseconds from ");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-90d, 'write a duration, as 90d, 12h, 30m, 10s, 500ms or P90D'",
        "7 dayz, 'write a duration, as 90d, 12h, 30m, 10s, 500ms or P90D'",
        "9000000000000000000d, 'write a duration, as 90d, 12h, 30m, 10s, 500ms or P90D'",
        "P-90D, 'write whole days from 1d to 36500d: the history is dropped by the day'",
        "0d, 'write whole days from 1d to 36500d: the history is dropped by the day'",
        "36h, 'write whole days from 1d to 36500d: the history is dropped by the day'",
        "999999999d, 'write whole days from 1d to 36500d: the history is dropped by the day'"
    })
    void aRetentionThatCannotBe(String value, String cure) throws IOException {
        assertThat(faults(LEAST + "target.history.retention: " + value + "\n"))
                .singleElement()
                .asString()
                .startsWith("target.history.retention = '")
                .endsWith(cure);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0d", "0s", "PT-5M", "999999999d", "P300Y", "P36501D", "PT9000000000000000S", "PT0.0000001S"})
    void aWindowThatCannotBe(String window) throws IOException {
        assertThat(faults(LEAST + "features: [{name: n, aggregate: count, window: %s}]\n".formatted(window)))
                .singleElement()
                .asString()
                .startsWith("features.0.window = '" + window + "': write a duration");
    }

    /** Rows are kept for as long as they exist, whatever the history's retention: a window may be longer. */
    @Test
    void aWindowMayBeLongerThanTheHistory() throws IOException {
        String yaml = LEAST + "target.history.retention: 1d\nfeatures: [{name: n, aggregate: count, window: 36500d}]\n";
        assertThat(new ConfigFiles(directory).load(yaml).catalogue().features()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"9000000000000000000", "9e18", "2147483648", "1.5", "''", "eight", "-2147483649"})
    void aNumberThatIsNoneOrTooLarge(String value) throws IOException {
        assertThat(faults(LEAST + "kafka.partitions: " + value + "\n"))
                .singleElement()
                .asString()
                .matches("kafka\\.partitions = '[^']*': write a whole number below 2\\^31, as 8");
    }

    @ParameterizedTest
    @CsvSource({
        "ingest.max.batch.size, 1, 1000000",
        "ingest.slot.max.retained.mb, 0, 100000000",
        "ingest.max.transaction.changes, 1, 1000000",
        "streams.num.stream.threads, 1, 256",
        "streams.num.standby.replicas, 0, 10",
        "streams.emit.slice, 1, 100000",
        "sink.max.batch, 1, 100000",
        "kafka.partitions, 1, 1024"
    })
    void aNumberOutOfItsRange(String key, int least, int most) throws IOException {
        String queue = key.equals("ingest.max.batch.size") ? "ingest.max.queue.size: 2000000\n" : "";
        for (int value : new int[] {-1, least - 1, most + 1}) {
            assertThat(faults(LEAST + queue + key + ": " + value + "\n"))
                    .containsExactly(key + " = '" + value + "': write a number from " + least + " to " + most);
        }
        for (int value : new int[] {least, most}) {
            assertThat(new ConfigFiles(directory).load(LEAST + queue + key + ": " + value + "\n"))
                    .isNotNull();
        }
    }
}
