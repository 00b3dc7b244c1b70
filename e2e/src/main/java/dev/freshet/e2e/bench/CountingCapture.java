package dev.freshet.e2e.bench;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.apache.kafka.connect.source.SourceRecord;

import dev.freshet.ingest.SourceMapping;
import dev.freshet.ingest.capture.Mapping;
import dev.freshet.ingest.source.CaptureEngine;
import dev.freshet.ingest.source.CommittedOffsets;
import dev.freshet.ingest.source.Preflight;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.jdbc.Timeouts;
import dev.freshet.runtime.time.Time;

/**
 * A process that is Debezium alone, with the very settings of ingest, and does nothing with a row but count it. The count
 * stands in a file that its parent has mapped too, so that to tell it costs nothing.
 */
final class CountingCapture {
    private static final String UNAVAILABLE = "unavailable";

    private final String users;
    private final String orders;
    private final MappedByteBuffer shared;
    private long rows;

    private CountingCapture(FreshetConfig config, MappedByteBuffer shared) {
        Mapping mapping = SourceMapping.of(config);
        users = config.names().prefix() + "." + mapping.users();
        orders = config.names().prefix() + "." + mapping.orders();
        this.shared = shared;
    }

    /** The configuration, and the file with the count; runs until it is killed. */
    public static void main(String[] arguments) throws Exception {
        FreshetConfig config = FreshetConfig.load(Path.of(arguments[0]));
        Mapping mapping = SourceMapping.of(config);
        prepare(config, mapping);
        CountingCapture counting = new CountingCapture(config, map(Path.of(arguments[1])));
        try (CommittedOffsets.Holder offsets = new CommittedOffsets.Holder(null);
                CaptureEngine engine = CaptureEngine.of(
                        config,
                        mapping,
                        new CaptureEngine.Reading(1, false, UNAVAILABLE, offsets),
                        counting::count,
                        Time.system())) {
            engine.start();
            engine.ended().toCompletableFuture().join();
        }
    }

    private static void prepare(FreshetConfig config, Mapping mapping) throws SQLException {
        Database source =
                new Database(config.source().login(), config.source().schema(), "freshet-bench", Timeouts.standard());
        try (Connection connection = source.open()) {
            new Preflight(mapping, true).prepare(connection);
        }
    }

    /** The first eight bytes of the file. */
    static MappedByteBuffer map(Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, Long.BYTES);
        }
    }

    private boolean count(List<SourceRecord> records) {
        for (SourceRecord row : records) {
            if (row.topic().equals(orders) || row.topic().equals(users)) {
                rows++;
            }
        }
        shared.putLong(0, rows);
        return true;
    }
}
