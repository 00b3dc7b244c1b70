package dev.freshet.ingest.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

import dev.freshet.schemas.Names;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.schemas.change.Change;
import dev.freshet.schemas.change.ChangeKey.Control;
import dev.freshet.schemas.record.IngestPosition;

/** A Kafka that acknowledges late. */
class ChangeLogTest {
    private static final Names NAMES = new Names("test");
    private static final IngestPosition POSITION =
            new IngestPosition(1, null, 0, null, false, 0, 0, new IngestPosition.Source("7", 1), 0);

    private int onTheirWay = -1;

    private final MockProducer<byte[], byte[]> kafka =
            new MockProducer<>(cluster(), false, null, new ByteArraySerializer(), new ByteArraySerializer()) {
                @Override
                public void commitTransaction() {
                    onTheirWay = flushed() ? 0 : uncommittedRecords().size();
                    super.commitTransaction();
                }
            };

    @Test
    void aCommitIsAskedForWhenNothingIsOnItsWay() {
        LogCodecs codecs = LogCodecs.of(new MockSchemaRegistryClient(), NAMES, Catalogue.standard(), 1);
        codecs.register();
        kafka.initTransactions();
        ChangeLog log = new ChangeLog(kafka, codecs, NAMES, 1, FaultPoint.NONE);
        log.appendToAll(Control.TICK, new Change(1, 1, Change.CONTROL));
        log.commit(POSITION);
        assertThat(kafka.commitCount()).isEqualTo(1);
        assertThat(onTheirWay).isZero();
    }

    private static Cluster cluster() {
        Node[] one = {new Node(1, "broker", 9092)};
        return new Cluster(
                "cluster",
                List.of(one),
                List.of(
                        new PartitionInfo(NAMES.changes(1), 0, one[0], one, one),
                        new PartitionInfo(NAMES.positions(), 0, one[0], one, one)),
                Set.of(),
                Set.of());
    }
}
