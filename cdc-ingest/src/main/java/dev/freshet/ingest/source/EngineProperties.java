package dev.freshet.ingest.source;

import io.debezium.config.Configuration;
import io.debezium.config.Field;
import io.debezium.connector.postgresql.PostgresConnectorConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postgresql.Driver;

import dev.freshet.ingest.capture.EventReader;
import dev.freshet.ingest.capture.Mapping;
import dev.freshet.ingest.capture.Mapping.SourceTable;
import dev.freshet.runtime.config.DatabaseLogin;
import dev.freshet.runtime.config.EngineSettings;
import dev.freshet.runtime.config.LibraryCheck;
import dev.freshet.schemas.Names;
import dev.freshet.schemas.change.Table;

/** Debezium's settings. Each that differs from the default does so for a reason that is written beside it. */
final class EngineProperties {
    private static final Duration SLOT_RETRY = Duration.ofSeconds(1);
    private static final int SLOT_RETRIES = 30;
    private static final Duration START = Duration.ofMinutes(10);

    /** A batch and what is made of it take as much again, each. */
    private static final int QUEUE_IN_HEAP = 16;

    private static final int FETCHED_IN_HEAP = 8;

    private static final int ALONE = 1;

    /** What is read beside another log has half of what that one has. */
    private static final int BESIDE = 2;

    /** Digits before and behind the point. */
    private static final int LONGEST_NUMERIC = 131_072 + 16_383;

    /** More at once is no faster. */
    private static final int MOST_ROWS_FETCHED = 2_000;

    private EngineProperties() {}

    static Properties of(
            Names names, DatabaseLogin login, Mapping mapping, EngineSettings settings, CaptureEngine.Reading reading) {
        Properties properties = new Properties();
        // First, so that nothing of ours can be overridden by them.
        properties.putAll(settings.properties());
        connection(properties, login);
        tables(properties, mapping);
        pace(properties, settings, reading.isBuild() ? BESIDE : ALONE);
        properties.put("name", names.prefix());
        properties.put("topic.prefix", names.prefix());
        properties.put("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
        properties.put("plugin.name", "pgoutput");
        properties.put("slot.name", names.slot(reading.log()));
        // Two engines of one process would wait for each other's name among the metrics.
        properties.put("custom.metric.tags", "log=" + reading.log());
        // Ours, checked before: Debezium's own would be FOR ALL TABLES.
        properties.put("publication.name", names.publication());
        properties.put("publication.autocreate.mode", "disabled");
        // The slot of a reader that has just gone is free within moments.
        properties.put("slot.max.retries", Integer.toString(SLOT_RETRIES));
        properties.put("slot.retry.delay.ms", millis(SLOT_RETRY));
        properties.put("slot.drop.on.stop", "false");
        properties.put("snapshot.mode", "initial");
        // By default truncates are skipped.
        properties.put("skipped.operations", "none");
        properties.put("decimal.handling.mode", "string");
        // By default milliseconds where the column's precision allows.
        properties.put("time.precision.mode", "microseconds");
        // The log has its own tombstones, behind a record that says that the row was deleted.
        properties.put("tombstones.on.delete", "false");
        properties.put("unavailable.value.placeholder", reading.unavailable());
        properties.put("message.prefix.include.list", EventReader.MESSAGE_PREFIX);
        // A retry inside the engine would send changes again that are in the log: the process ends instead.
        properties.put("errors.max.retries", "0");
        properties.put("offset.flush.interval.ms", "0");
        // Making a slot waits for every transaction that is open.
        properties.put("task.management.timeout.ms", millis(START));
        return properties;
    }

    /** What Debezium would refuse of the operator's properties. */
    static LibraryCheck check() {
        return new LibraryCheck("ingest.properties", EngineProperties::refusals);
    }

    private static Map<String, String> refusals(Map<String, String> properties) {
        Configuration given = Configuration.from(properties);
        Map<String, String> refused = new TreeMap<>();
        for (Field field : PostgresConnectorConfig.ALL_FIELDS) {
            List<String> problems = new ArrayList<>();
            if (given.hasKey(field) && !field.validate(given, (wrong, value, problem) -> problems.add(problem))) {
                refused.put(field.name(), "write what Debezium takes: " + String.join(", ", problems));
            }
        }
        return refused;
    }

    private static void pace(Properties properties, EngineSettings settings, int shares) {
        properties.put("poll.interval.ms", millis(settings.pollInterval()));
        // Tells the end of a transaction when nothing follows it.
        properties.put("heartbeat.interval.ms", millis(settings.heartbeatInterval()));
        properties.put("max.batch.size", Integer.toString(settings.maxBatchSize()));
        properties.put("max.queue.size", Integer.toString(settings.maxQueueSize()));
        // A count bounds nothing: 8,192 of PostgreSQL's longest numerics are a gigabyte.
        long heap = Runtime.getRuntime().maxMemory() / shares;
        properties.putIfAbsent("max.queue.size.in.bytes", Long.toString(heap / QUEUE_IN_HEAP));
        long rows = Math.min(heap / FETCHED_IN_HEAP / LONGEST_NUMERIC, MOST_ROWS_FETCHED);
        properties.putIfAbsent("snapshot.fetch.size", Long.toString(Math.max(1, rows)));
        // There is nothing to convert, so one is fastest; unset, it would be one with a queue without bound.
        properties.put("record.processing.threads", "1");
    }

    private static void connection(Properties properties, DatabaseLogin login) {
        Properties url = parse(login);
        url.stringPropertyNames().stream()
                .filter(name -> !name.startsWith("PG"))
                .forEach(name -> properties.put("database." + name, url.getProperty(name)));
        properties.put("database.hostname", login.host());
        properties.put("database.port", Integer.toString(login.port()));
        properties.put("database.dbname", login.database());
        properties.put("database.user", login.user());
        if (login.password().isPresent()) {
            properties.put("database.password", login.password().reveal());
        }
        // A snapshot sorts and reads whole tables, for as long as it takes.
        properties.put("database.query.timeout.ms", "0");
        // A policy on rows that comes after the preflight fails the snapshot instead of thinning it out.
        properties.put(
                "database.options",
                "-c statement_timeout=0 -c idle_in_transaction_session_timeout=0 -c row_security=off");
    }

    private static Properties parse(DatabaseLogin login) {
        Properties parsed = Driver.parseURL(login.url(), null);
        if (parsed == null) {
            throw new IllegalArgumentException("not a URL of PostgreSQL: " + login.url());
        }
        return parsed;
    }

    private static void tables(Properties properties, Mapping mapping) {
        properties.put(
                "schema.include.list",
                list(Stream.of(mapping.users().schema(), mapping.orders().schema())));
        properties.put(
                "table.include.list",
                list(Stream.of(mapping.users().toString(), mapping.orders().toString())));
        properties.put(
                "column.include.list", list(Stream.of(Table.values()).flatMap(table -> mapping.columns(table).stream()
                        .map(column -> mapping.table(table) + "." + column))));
        properties.put("snapshot.select.statement.overrides", mapping.users() + "," + mapping.orders());
        String prefix = "snapshot.select.statement.overrides.";
        properties.put(prefix + mapping.users(), select(mapping.users(), mapping.columns(Table.USERS)));
        // By user: what follows then meets each user once, which makes a bootstrap about twice as cheap.
        properties.put(
                prefix + mapping.orders(),
                select(mapping.orders(), mapping.columns(Table.ORDERS)) + where(mapping.order()) + " ORDER BY "
                        + Mapping.quote(mapping.order().user()));
    }

    private static String where(Mapping.OrderColumns order) {
        return order.where().isNone() ? "" : " WHERE " + order.where().text();
    }

    private static String select(SourceTable table, List<String> columns) {
        return "SELECT " + columns.stream().map(Mapping::quote).collect(Collectors.joining(", ")) + " FROM "
                + table.quoted();
    }

    /** A list of regular expressions that match these names and no others. */
    private static String list(Stream<String> names) {
        return names.distinct().map(EngineProperties::literal).collect(Collectors.joining(","));
    }

    private static String literal(String name) {
        if (name.indexOf(',') >= 0 || name.contains("\\E")) {
            throw new IllegalArgumentException("Debezium cannot be given the name " + name);
        }
        return Pattern.quote(name);
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }
}
