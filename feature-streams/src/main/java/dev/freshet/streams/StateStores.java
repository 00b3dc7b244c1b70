package dev.freshet.streams;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The stores: plain key-value stores of bytes in RocksDB. Not timestamped, for nothing reads the time; not cached, for the
 * cache saves nothing within a commit interval as short as ours and costs a copy of every value.
 */
final class StateStores {
    private static final Map<String, String> CHANGELOG = Map.of(TopicConfig.COMPRESSION_TYPE_CONFIG, "lz4");

    private StateStores() {}

    static Set<StoreBuilder<?>> builders() {
        return Stream.of(
                        StreamsNames.USERS_STORE,
                        StreamsNames.ORDERS_STORE,
                        StreamsNames.TIMELINE_STORE,
                        StreamsNames.PROGRESS_STORE)
                .map(StateStores::builder)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static StoreBuilder<?> builder(String name) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray())
                .withCachingDisabled()
                .withLoggingEnabled(CHANGELOG);
    }
}
