package dev.freshet.streams;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The stores: plain key-value stores of bytes in RocksDB, not timestamped, for nothing reads the time. Only the headers of
 * users are cached: a user's changes often come together, in a snapshot all of them, and the cache, which is written out at
 * every commit, then saves all writes but the last, here and in the changelog.
 */
final class StateStores {
    /** As it was sent: the broker would compress another way anew. */
    private static final Map<String, String> CHANGELOG = Map.of(TopicConfig.COMPRESSION_TYPE_CONFIG, "producer");

    private StateStores() {}

    static Set<StoreBuilder<?>> builders() {
        return Set.of(
                builder(StreamsNames.USERS_STORE).withCachingEnabled(),
                builder(StreamsNames.ORDERS_STORE),
                builder(StreamsNames.TIMELINE_STORE),
                builder(StreamsNames.PROGRESS_STORE));
    }

    private static StoreBuilder<?> builder(String name) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray())
                .withCachingDisabled()
                .withLoggingEnabled(CHANGELOG);
    }
}
