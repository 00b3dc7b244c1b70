package dev.freshet.e2e.path;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import dev.freshet.testkit.servers.SharedServers;

/**
 * Looks for a user's id in the bytes of all that a deployment holds, whatever they mean: as PostgreSQL prints it, as Avro writes a long
 * or a UUID is kept in sixteen bytes, and as the state's keys have it.
 */
final class Canaries {
    private final SharedServers servers;
    private final Pipeline pipeline;
    private final Connection target;

    Canaries(SharedServers servers, Pipeline pipeline, Connection target) {
        this.servers = servers;
        this.pipeline = pipeline;
        this.target = target;
    }

    /** Where it was found. */
    List<String> of(long user) throws SQLException {
        return of(Long.toString(user), hex(avro(user)), hex(key(user)));
    }

    /** The same of one whose id is not a number. */
    List<String> of(UUID user) throws SQLException {
        byte[] bytes = ByteBuffer.allocate(16)
                .putLong(user.getMostSignificantBits())
                .putLong(user.getLeastSignificantBits())
                .array();
        return of(user.toString(), hex(bytes));
    }

    private List<String> of(String text, String... others) throws SQLException {
        List<String> forms = new ArrayList<>(List.of(others));
        forms.add(hex(text.getBytes(StandardCharsets.UTF_8)));
        List<String> found = new ArrayList<>();
        read(record -> {
            String bytes = hex(record.key()) + " " + hex(record.value());
            if (forms.stream().anyMatch(bytes::contains)) {
                found.add(record.topic() + "-" + record.partition() + "@" + record.offset());
            }
        });
        for (String table : tables()) {
            try (Statement statement = target.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT t::text FROM " + table + " t")) {
                while (rows.next()) {
                    String row = rows.getString(1);
                    if (row.contains(text) || forms.stream().anyMatch(row::contains)) {
                        found.add(table + " " + row);
                    }
                }
            }
        }
        return found;
    }

    /** Zigzag, seven bits a byte. */
    private static byte[] avro(long user) {
        ByteBuffer out = ByteBuffer.allocate(10);
        long left = user << 1;
        while (left >= 0x80) {
            out.put((byte) (left | 0x80));
            left >>>= 7;
        }
        out.put((byte) left);
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes;
    }

    /** A user's key in a features topic: the first of two kinds of keys, the first of two kinds of ids. */
    static String keyOfFeatures(long user) {
        return "0000" + hex(avro(user));
    }

    private static byte[] key(long user) {
        return ByteBuffer.allocate(8).putLong(user ^ Long.MIN_VALUE).array();
    }

    private static String hex(byte[] bytes) {
        return bytes == null ? "" : HexFormat.of().formatHex(bytes);
    }

    private interface Visitor {
        void visit(ConsumerRecord<byte[], byte[]> record);
    }

    private void read(Visitor visitor) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", servers.kafka().bootstrapServers(), "isolation.level", "read_uncommitted"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> all = consumer.listTopics().entrySet().stream()
                    .filter(topic -> topic.getKey().startsWith(pipeline.name() + "."))
                    .flatMap(topic -> topic.getValue().stream())
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(200)).forEach(visitor::visit);
            }
        }
    }

    /** Freshet's, without the shop's own. */
    private List<String> tables() throws SQLException {
        try (Statement statement = target.createStatement();
                ResultSet rows = statement.executeQuery("""
                        SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace
                        AND relkind IN ('r', 'p') AND (relname LIKE 'freshet%' OR relname LIKE 'user_features%')""")) {
            List<String> names = new ArrayList<>();
            while (rows.next()) {
                names.add(rows.getString(1));
            }
            return names;
        }
    }
}
