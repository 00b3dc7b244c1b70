package dev.freshet.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.FlushOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

class BoundedRocksDbTest {
    private static final String USED = "rocksdb.block-cache-usage";

    @TempDir
    Path directory;

    private static Options options() {
        Options options = new Options().setCreateIfMissing(true).setTableFormatConfig(new BlockBasedTableConfig());
        new BoundedRocksDb().setConfig("a store", options, Map.of());
        return options;
    }

    private static byte[] key(int number) {
        return "%0100d".formatted(number).getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void storesShareOneCacheForBlocksIndexesFiltersAndWriteBuffers() throws RocksDBException {
        try (Options options = options();
                Options others = options();
                RocksDB store = RocksDB.open(options, directory.resolve("1").toString());
                RocksDB other = RocksDB.open(others, directory.resolve("2").toString())) {
            assertThat(other.getLongProperty("rocksdb.block-cache-capacity")).isEqualTo(256L << 20);
            long before = other.getLongProperty(USED);
            byte[] value = new byte[1 << 10];
            for (int key = 0; key < 8 << 10; key++) {
                store.put(key(key), value);
            }
            assertThat(other.getLongProperty(USED) - before)
                    .as("a write buffer")
                    .isGreaterThan(8L << 20);

            try (FlushOptions flush = new FlushOptions()) {
                store.flush(flush);
            }
            // What was flushed is freed by another thread, at its leisure.
            await("the write buffer is freed").until(() -> other.getLongProperty(USED) - before < value.length << 10);
            long flushed = other.getLongProperty(USED);
            assertThat(store.get(key(3))).isEqualTo(value);
            assertThat(other.getLongProperty(USED) - flushed).as("a block").isGreaterThan(value.length);
            assertThat(store.getLongProperty("rocksdb.estimate-table-readers-mem"))
                    .as("indexes and filters outside of the cache")
                    .isLessThan(10_000);
            assertThat(store.getLongProperty(USED)).isEqualTo(other.getLongProperty(USED));
        }
    }
}
