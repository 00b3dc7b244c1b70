package dev.freshet.runtime.config;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postgresql.PGProperty;

/** Debezium's keys that are not the operator's to set. */
final class DebeziumKeys {
    private static final String NAMES = "it follows from name, and two deployments would read from one slot";
    private static final String LOGIN = "it follows from source.url, source.user and source.password";
    private static final String SNAPSHOT = "rows would be missing, or be read in another way than they are streamed";
    private static final String LOST = "changes would be lost without a word";
    private static final String SHAPE = "Freshet reads values in one form, and would take others for something else";
    private static final String WHICH = "what is captured follows from source.users, source.orders and features";
    private static final String POSITION = "the position is kept in Kafka, in one transaction with the changes";
    private static final String ONCE = "the engine would send again what is in the log already";
    private static final String STREAM = "Debezium sets it as reading the WAL of the primary needs it";
    private static final String SLOT = "the slot may only be confirmed up to what is in the log";

    private static final ReservedKeys RESERVED = new ReservedKeys()
            .because(NAMES, "name", "topic.*", "connector.class", "plugin.name", "slot.name", "custom.metric.tags")
            .because(NAMES, "publication.*", "publish.via.partition.root", "replica.identity.autoset.values")
            .because(LOGIN, "database.hostname", "database.port", "database.dbname", "database.user")
            .because(LOGIN, "database.password", "database.options")
            .because(LOGIN, "driver.hostname", "driver.port", "driver.dbname", "driver.user", "driver.password")
            .because(LOGIN, "driver.options", "driver.PG*", "driver.service")
            .because("a snapshot takes as long as it takes", "database.query.timeout.ms", "driver.query*")
            .because("a statement of yours can change what Freshet reads", "database.initial.statements")
            .because("a statement of yours can change what Freshet reads", "driver.initial.statements")
            .because(STREAM, "driver.replication", "driver.preferQueryMode", "driver.assumeMinServerVersion")
            .because(STREAM, "driver.targetServerType", "driver.readOnly*", "driver.loadBalanceHosts")
            .because(SNAPSHOT, "snapshot.mode*", "snapshot.select*", "snapshot.query*", "snapshot.include*")
            .because(SNAPSHOT, "snapshot.isolation*", "snapshot.locking*", "snapshot.max.threads*")
            .because(SNAPSHOT, "snapshot.tables*", "legacy.snapshot*", "incremental.*", "signal.*", "read.only")
            .because(LOST, "skipped.operations", "skip.messages.without.change", "tombstones.on.delete", "event.*")
            .because(LOST, "slot.drop.on.stop", "slot.stream.params", "message.prefix*")
            .because(SHAPE, "decimal.handling.mode", "binary.handling.mode", "hstore.handling.mode")
            .because(SHAPE, "interval.handling.mode", "money.fraction.digits", "time.precision.mode")
            .because(
                    SHAPE, "unavailable.value.placeholder", "field.name.adjustment.mode", "schema.name.adjustment.mode")
            .because(SHAPE, "schema.refresh.mode", "include.*", "column.propagate*", "datatype.propagate*")
            .because(SHAPE, "transforms*", "predicates*", "converters*", "post.processors*", "sourceinfo.struct.maker")
            .because(SHAPE, "key.converter*", "value.converter*", "header.converter*", "message.key.columns")
            .because(SHAPE, "provide.transaction.metadata", "transaction.*", "extended.headers.enabled")
            .because(WHICH, "schema.include.list", "schema.exclude.list", "table.*", "column.*")
            .because(WHICH, "database.include.list", "database.exclude.list")
            .because(POSITION, "offset.*", "internal.*", "debezium.*")
            .because(ONCE, "errors.*", "retriable.*", "record.processing.*")
            .because(SLOT, "lsn.*", "flush.lsn.source", "slot.max.retries", "slot.retry.delay.ms")
            .because(SHAPE, "driver.convertBooleanToNumeric")
            .because("it is ingest.heartbeat.interval.ms", "heartbeat.interval.ms")
            .because("the end of a transaction is told by it", "heartbeat.*")
            .because("it is ingest.poll.interval.ms", "poll.interval.ms")
            .because("it is ingest.max.batch.size", "max.batch.size")
            .because("it is ingest.max.queue.size", "max.queue.size")
            .because("making a slot waits for every transaction that is open", "task.management.timeout.ms");

    private static final String DRIVER = "driver.";
    private static final String DATABASE = "database.";

    private DebeziumKeys() {}

    /** A fault for each that may not be set, and for each of PostgreSQL's driver that it does not know: that does nothing. */
    static void check(Faults faults, String section, Map<String, String> properties) {
        RESERVED.check(faults, section, properties);
        properties.forEach((key, value) -> {
            if (key.startsWith(DATABASE)) {
                // What Debezium does not know of these goes to the driver too.
                RESERVED.reason(DRIVER + key.substring(DATABASE.length()))
                        .ifPresent(reason -> faults.add(section + "." + key, value, "remove it: " + reason));
            }
        });
        Set<String> known = ofTheDriver(DRIVER).collect(Collectors.toSet());
        properties.forEach((key, value) -> faults.require(
                !key.startsWith(DRIVER) || known.contains(key),
                section + "." + key,
                value,
                "is not known to PostgreSQL's driver: "
                        + Nearest.to(key, known)
                                .map(near -> "did you mean " + near + "?")
                                .orElse("remove it")));
    }

    /** The key that a variable stands for, in its own spelling: to the driver, upper case matters. */
    static String ofVariable(String restOfVariable) {
        return Stream.concat(ofTheDriver(DRIVER), ofTheDriver(DATABASE))
                .filter(key -> Values.upperCase(key).equals(restOfVariable))
                .findFirst()
                .orElseGet(() -> restOfVariable.toLowerCase(Locale.ROOT).replace('_', '.'));
    }

    private static Stream<String> ofTheDriver(String prefix) {
        return Stream.of(PGProperty.values()).map(property -> prefix + property.getName());
    }
}
