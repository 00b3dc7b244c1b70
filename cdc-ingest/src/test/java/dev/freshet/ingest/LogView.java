package dev.freshet.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.kafka.ClientProperties;
import dev.freshet.schemas.Names;
import dev.freshet.schemas.Numeric;
import dev.freshet.schemas.UserPartition;
import dev.freshet.schemas.avro.AvroCodec;
import dev.freshet.schemas.avro.FreshetAvro;
import dev.freshet.schemas.avro.PlainAvro;
import dev.freshet.schemas.avro.RegistryAvro;
import dev.freshet.schemas.avro.RegistryClients;
import dev.freshet.schemas.change.Change;
import dev.freshet.schemas.change.ChangeKey;
import dev.freshet.schemas.change.ChangeKey.Control;
import dev.freshet.schemas.change.Table;
import dev.freshet.schemas.record.DeadLetter;

/** The change log of a generation as a reader of committed records finds it, and what must be true of it. */
final class LogView {
    /** Value null: a tombstone. */
    record Entry(long offset, ChangeKey key, Change value) {}

    final List<List<Entry>> partitions = new ArrayList<>();

    private LogView() {}

    static LogView read(FreshetConfig config, int generation) {
        String topic = config.names().changes(generation);
        PlainAvro<ChangeKey> keys = FreshetAvro.changeKeys();
        RegistryAvro<Change> values = codec(config, topic, FreshetAvro.changes(config.catalogue()));
        LogView view = new LogView();
        for (int i = 0; i < config.kafka().partitions(); i++) {
            view.partitions.add(new ArrayList<>());
        }
        for (ConsumerRecord<byte[], byte[]> record : records(config, topic)) {
            Change value = record.value() == null ? null : values.decode(record.value());
            view.partitions.get(record.partition()).add(new Entry(record.offset(), keys.decode(record.key()), value));
        }
        return view;
    }

    static List<DeadLetter> deadLetters(FreshetConfig config) {
        String topic = config.names().deadLetters();
        RegistryAvro<DeadLetter> values = codec(config, topic, FreshetAvro.deadLetters());
        return records(config, topic).stream()
                .map(record -> values.decode(record.value()))
                .toList();
    }

    private static <T> RegistryAvro<T> codec(FreshetConfig config, String topic, AvroCodec<T> codec) {
        return new RegistryAvro<>(RegistryClients.open(config.registry().url(), Map.of()), Names.subject(topic), codec);
    }

    private static List<ConsumerRecord<byte[], byte[]>> records(FreshetConfig config, String topic) {
        List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
        forEach(config, topic, all::add);
        return all;
    }

    /** Every committed record that a topic holds now, for those who cannot keep them all. */
    static void forEach(FreshetConfig config, String topic, Consumer<ConsumerRecord<byte[], byte[]>> visitor) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                new ClientProperties(config.kafka()).consumer("log-view"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(100)).forEach(visitor);
            }
        }
    }

    /** The rows that the log leaves, in the form of {@link Shop#rows()}. */
    Map<String, String> rows() {
        Map<String, String> rows = new TreeMap<>();
        for (List<Entry> entries : partitions) {
            Map<ChangeKey.Row, Change.Body> present = new HashMap<>();
            for (Entry entry : entries) {
                if (entry.key() instanceof ChangeKey.Row row) {
                    apply(present, row, entry.value());
                } else if (entry.key() instanceof ChangeKey.UserReset reset) {
                    present.keySet().removeIf(row -> row.user().equals(reset.user()));
                } else if (entry.key() == Control.USERS_TRUNCATED) {
                    present.keySet().removeIf(row -> row.table() == Table.USERS);
                } else if (entry.key() == Control.ORDERS_TRUNCATED) {
                    present.keySet().removeIf(row -> row.table() == Table.ORDERS);
                }
            }
            present.forEach((key, body) -> {
                boolean isUser = body instanceof Change.UserRow;
                rows.put(isUser ? key.user().toString() : key.user() + "/" + key.row(), text(body));
            });
        }
        return rows;
    }

    private static void apply(Map<ChangeKey.Row, Change.Body> present, ChangeKey.Row row, Change value) {
        if (value == null || value.body() instanceof Change.RowDeleted) {
            present.remove(row);
        } else {
            present.put(row, value.body());
        }
    }

    private static String text(Change.Body body) {
        if (body instanceof Change.OrderRow order) {
            return order.createdAt() + " " + order.values().get(0).text();
        }
        return body instanceof Change.UserRow ? "user" : body.toString();
    }

    private static long total(Change change) {
        Numeric value = ((Change.OrderRow) change.body()).values().get(0);
        return Long.parseLong(value.text());
    }

    private static boolean isOrder(Entry entry) {
        return entry.value() != null && entry.value().body() instanceof Change.OrderRow;
    }

    /** All that DESIGN 2.2 says of a log that stands where the shop stands now. */
    void assertHolds(Shop shop) throws Exception {
        assertThat(rows()).isEqualTo(shop.rows());
        assertEveryChangeOnce(shop);
        assertEveryKeyInItsPartition();
        assertTicksTellTheTruth(shop);
    }

    /** Of every order, the versions in the log are its latest ones without a gap, in order, none of them twice. */
    private void assertEveryChangeOnce(Shop shop) {
        Map<Long, List<Long>> logged = new TreeMap<>();
        Map<String, Integer> removals = new HashMap<>();
        Map<String, Integer> tombstones = new HashMap<>();
        for (List<Entry> entries : partitions) {
            for (Entry entry : entries) {
                if (entry.key() instanceof ChangeKey.Row row && row.table() == Table.ORDERS) {
                    String name = row.user() + "/" + row.row();
                    if (isOrder(entry)) {
                        long id = Long.parseLong(row.row().toString());
                        logged.computeIfAbsent(id, any -> new ArrayList<>()).add(total(entry.value()));
                    } else if (entry.value() == null) {
                        tombstones.merge(name, 1, Integer::sum);
                    } else {
                        removals.merge(name, 1, Integer::sum);
                    }
                }
            }
        }
        assertThat(tombstones).as("a tombstone behind every removal").isEqualTo(removals);
        logged.forEach((order, totals) -> {
            totals.sort(null); // a move spreads an order over partitions; within one, rows() has checked the order
            List<Long> done = shop.versions.get(order);
            assertThat(totals).as("versions of order %s", order).hasSizeLessThanOrEqualTo(done.size());
            assertThat(totals)
                    .as("versions of order %s", order)
                    .isEqualTo(done.subList(done.size() - totals.size(), done.size()));
        });
        removals.forEach((row, count) ->
                assertThat(count).as("removals of %s", row).isLessThanOrEqualTo(shop.removals.getOrDefault(row, 0)));
    }

    /** Every version and removal of the shop from this transaction on is in the log. */
    void assertNothingMissingSince(Shop shop, int firstTransaction) {
        Set<Long> logged = new HashSet<>();
        partitions.forEach(entries ->
                entries.stream().filter(LogView::isOrder).forEach(entry -> logged.add(total(entry.value()))));
        List<Long> done = shop.committed.subList(firstTransaction, shop.committed.size()).stream()
                .flatMap(committed -> committed.totals().stream())
                .toList();
        assertThat(logged).containsAll(done);
    }

    private void assertEveryKeyInItsPartition() {
        for (int i = 0; i < partitions.size(); i++) {
            for (Entry entry : partitions.get(i)) {
                if (entry.key() instanceof ChangeKey.Row row) {
                    assertThat(UserPartition.of(row.user(), partitions.size())).isEqualTo(i);
                }
            }
        }
    }

    private void assertTicksTellTheTruth(Shop shop) {
        Map<Long, Integer> transactionOf = new HashMap<>();
        for (int i = 0; i < shop.committed.size(); i++) {
            for (long total : shop.committed.get(i).totals()) {
                transactionOf.put(total, i);
            }
        }
        for (List<Entry> entries : partitions) {
            assertTicksTellTheTruth(shop, entries, transactionOf);
        }
    }

    private static void assertTicksTellTheTruth(Shop shop, List<Entry> entries, Map<Long, Integer> transactionOf) {
        long lsn = 0;
        long time = 0;
        boolean snapshotEnded = false;
        Set<Integer> beforeTick = new HashSet<>();
        Set<Integer> sinceTick = new HashSet<>();
        for (Entry entry : entries) {
            snapshotEnded |= entry.key() == Control.SNAPSHOT_END;
            if (entry.key() == Control.TICK) {
                assertThat(snapshotEnded)
                        .as("no tick before the snapshot's end")
                        .isTrue();
                assertThat(entry.value().lsn()).isGreaterThanOrEqualTo(lsn);
                assertThat(entry.value().sourceTime()).isGreaterThanOrEqualTo(time);
                lsn = entry.value().lsn();
                time = entry.value().sourceTime();
                beforeTick.addAll(sinceTick);
                sinceTick.clear();
            } else if (isOrder(entry) && snapshotEnded) {
                int transaction = transactionOf.get(total(entry.value()));
                Shop.Committed committed = shop.committed.get(transaction);
                assertThat(beforeTick)
                        .as("a tick stands in the middle of transaction %s", transaction)
                        .doesNotContain(transaction);
                assertThat(lsn)
                        .as("the tick before version %s says that it is complete", total(entry.value()))
                        .isLessThan(committed.lsnAfter());
                assertThat(time).isLessThan(committed.clockAfter());
                sinceTick.add(transaction);
            }
        }
    }

    /** The lowest newest tick of the partitions. */
    long completeThrough() {
        return partitions.stream()
                .mapToLong(entries -> entries.stream()
                        .filter(entry -> entry.key() == Control.TICK)
                        .mapToLong(entry -> entry.value().lsn())
                        .max()
                        .orElse(0))
                .min()
                .orElse(0);
    }

    long count(Control control) {
        return partitions.stream()
                .flatMap(List::stream)
                .filter(entry -> entry.key() == control)
                .count();
    }
}
