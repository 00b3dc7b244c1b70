package dev.freshet.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Matrix of faults, row 32, on a real RocksDB. */
class KeyValueByteStoreTest {
    private static final byte[] FIRST = {};
    private static final byte[] END = {-1};
    private static final int MANY = 20_000;

    @TempDir
    Path directory;

    private final SplittableRandom random = new SplittableRandom(61);

    @ParameterizedTest
    @ValueSource(ints = {1, MANY})
    void anIterationOverABlockThatCannotBeReadFails(int entries) throws Exception {
        fill(entries);
        overwriteABlock();
        use(store -> {
            assertThatThrownBy(() -> ascending(store, FIRST, END)).isInstanceOf(CorruptStateException.class);
            assertThatThrownBy(() -> descending(store, FIRST, END)).isInstanceOf(CorruptStateException.class);
        });
    }

    /** When this fails, Kafka Streams asks its iterators for their status, and the entries at the ends can go. */
    @Test
    void withoutTheEntriesAtTheEndsNobodyIsToldOfIt() throws Exception {
        fill(MANY);
        overwriteABlock();
        use(false, store -> assertThat(ascending(store, FIRST, END)).hasSizeBetween(1, MANY - 1));
    }

    @Test
    void onlyReadingTheBlockItselfFails() throws Exception {
        fill(MANY);
        overwriteABlock();
        use(store -> {
            assertThat(ascending(store, FIRST, key(100))).isEqualTo(numbers(0, 100));
            assertThat(descending(store, key(MANY - 100), END)).isEqualTo(reversed(numbers(MANY - 100, MANY)));
            assertThatThrownBy(() -> LongStream.range(0, MANY).forEach(number -> store.get(key(number))))
                    .satisfies(failure ->
                            assertThat(CorruptStateException.isCauseOf(failure)).isTrue());
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 300})
    void theEntriesAtTheEndsAreNotSeen(int entries) throws Exception {
        fill(entries);
        use(store -> {
            assertThat(ascending(store, FIRST, END)).isEqualTo(numbers(0, entries));
            assertThat(descending(store, FIRST, END)).isEqualTo(reversed(numbers(0, entries)));
            assertThat(ascending(store, key(1), key(3))).isEqualTo(numbers(1, Math.min(3, entries)));
            assertThat(descending(store, key(1), key(3))).isEqualTo(reversed(numbers(1, Math.min(3, entries))));
        });
    }

    private void fill(int entries) throws Exception {
        use(false, store -> {
            store.putEnds();
            byte[] value = new byte[60];
            for (int number = 0; number < entries; number++) {
                random.nextBytes(value);
                store.put(key(number), value.clone());
            }
        });
    }

    private void use(Consumer<KeyValueByteStore> use) throws Exception {
        use(true, use);
    }

    private void use(boolean hasEnds, Consumer<KeyValueByteStore> use) throws Exception {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:9");
        properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
        MockProcessorContext<Void, Void> context =
                new MockProcessorContext<>(properties, new TaskId(0, 0), directory.toFile());
        KeyValueStore<Bytes, byte[]> store =
                Stores.persistentKeyValueStore("rows").get();
        store.init(context.getStateStoreContext(), store);
        try {
            use.accept(new KeyValueByteStore(store, hasEnds));
            store.flush();
        } finally {
            store.close();
        }
    }

    /** In the middle of those that hold entries. */
    private void overwriteABlock() throws IOException {
        Path largest = null;
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".sst")).toList()) {
                largest = largest == null || Files.size(file) > Files.size(largest) ? file : largest;
            }
        }
        try (RandomAccessFile file = new RandomAccessFile(largest.toFile(), "rw")) {
            byte[] other = new byte[32];
            random.nextBytes(other);
            file.seek(file.length() < 4_096 ? 0 : file.length() / 2);
            file.write(other);
        }
    }

    private static List<Long> ascending(KeyValueByteStore store, byte[] from, byte[] to) {
        List<Long> seen = new ArrayList<>();
        store.ascend(from, to, (key, value) -> seen.add(ByteBuffer.wrap(key).getLong()));
        return seen;
    }

    private static List<Long> descending(KeyValueByteStore store, byte[] from, byte[] to) {
        List<Long> seen = new ArrayList<>();
        store.descend(from, to, (key, value) -> seen.add(ByteBuffer.wrap(key).getLong()));
        return seen;
    }

    private static byte[] key(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    private static List<Long> numbers(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    private static List<Long> reversed(List<Long> numbers) {
        List<Long> reversed = new ArrayList<>(numbers);
        Collections.reverse(reversed);
        return reversed;
    }
}
