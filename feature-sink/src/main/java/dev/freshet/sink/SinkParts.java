package dev.freshet.sink;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.time.Duration;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.ReaderViews;
import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.Names;
import dev.freshet.sink.sql.FeatureColumns;
import dev.freshet.sink.sql.TargetSchema;

/**
 * What all workers of a sink share.
 *
 * @param hooks run at moments of each write; production has none
 */
record SinkParts(
        FreshetConfig config,
        Time time,
        SchemaRegistryClient registry,
        Database target,
        SinkMeter meter,
        WriteHooks hooks) {

    /**
     * A sink that is frozen within a transaction keeps the lock of its offsets until the server ends its session. That has to
     * be before the group gives its partitions to another, which would wait for the lock.
     */
    static Duration idleTransaction(FreshetConfig config) {
        return config.sink().membership().sessionTimeout().dividedBy(2);
    }

    Names names() {
        return config.names();
    }

    TargetSchema schema() {
        return new TargetSchema(columns(), new ReaderViews(names(), config.catalogue()));
    }

    FeatureColumns columns() {
        return new FeatureColumns(config.catalogue(), config.source().users().idType());
    }
}
