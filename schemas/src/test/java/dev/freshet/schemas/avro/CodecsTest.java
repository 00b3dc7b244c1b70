package dev.freshet.schemas.avro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

import dev.freshet.schemas.Id;
import dev.freshet.schemas.Numeric;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.schemas.change.Change;
import dev.freshet.schemas.change.ChangeKey;
import dev.freshet.schemas.feature.FeatureKey;
import dev.freshet.schemas.feature.FeatureUpdate;
import dev.freshet.schemas.feature.FeatureValue;
import dev.freshet.schemas.record.DeadLetter;
import dev.freshet.schemas.record.IngestPosition;

class CodecsTest {
    private static final Catalogue CATALOGUE = Catalogue.standard();
    private final MockSchemaRegistryClient registry = new MockSchemaRegistryClient();

    @Test
    void everyChangeIsReadBack() {
        RegistryAvro<Change> avro = new RegistryAvro<>(registry, "changes-value", FreshetAvro.changes(CATALOGUE));
        for (Change.Body body : List.of(
                new Change.UserRow(),
                new Change.OrderRow(1_700_000_000_000_001L, List.of(Numeric.parse("12.50"))),
                new Change.OrderRow(null, Collections.singletonList(null)),
                new Change.OrderRow(-62_135_596_800_000_000L, List.of(Numeric.NAN)),
                new Change.RowDeleted(),
                new Change.RowUnusable("created_at is infinity"),
                Change.CONTROL)) {
            Change change = new Change(0x1_0000_0001L, 1_700_000_000_000_000L, body);
            assertThat(avro.decode(avro.encode(change))).isEqualTo(change);
        }
    }

    @Test
    void everyKeyIsReadBackAndItsBytesDoNotDependOnARegistry() {
        for (ChangeKey key : List.of(
                ChangeKey.user(Id.of(7)),
                ChangeKey.order(Id.of("a"), Id.of(8)),
                ChangeKey.user(Id.of("")),
                ChangeKey.user(Id.of(0)),
                new ChangeKey.UserReset(Id.of(0)),
                new ChangeKey.UserReset(Id.of("")),
                ChangeKey.Control.TICK,
                ChangeKey.Control.SNAPSHOT_END)) {
            assertThat(FreshetAvro.changeKeys().decode(FreshetAvro.changeKeys().encode(key)))
                    .isEqualTo(key);
        }
        assertThat(FreshetAvro.changeKeys().encode(ChangeKey.order(Id.of(1), Id.of(2))))
                .containsExactly(0, 2, 0, 2, 0, 4);
        for (FeatureKey key : List.of(new FeatureKey.User(Id.of(7)), new FeatureKey.Partition(3))) {
            assertThat(FreshetAvro.featureKeys()
                            .decode(FreshetAvro.featureKeys().encode(key)))
                    .isEqualTo(key);
        }
    }

    @Test
    void everyFeatureUpdateIsReadBack() {
        RegistryAvro<FeatureUpdate> avro =
                new RegistryAvro<>(registry, "features-value", FreshetAvro.featureUpdates(CATALOGUE));
        for (FeatureUpdate update : List.of(
                new FeatureUpdate.Row(
                        5,
                        6,
                        7L,
                        true,
                        List.of(
                                new FeatureValue.Count(1),
                                new FeatureValue.Count(2),
                                new FeatureValue.Amount(Numeric.of(new BigDecimal("9".repeat(1_000) + ".1234"))),
                                new FeatureValue.Day(LocalDate.of(2026, 1, 31)))),
                new FeatureUpdate.Row(
                        5,
                        6,
                        null,
                        false,
                        Arrays.asList(new FeatureValue.Count(0), new FeatureValue.Count(0), null, null)),
                new FeatureUpdate.Removal(5, 6),
                new FeatureUpdate.Watermark(5, 6, 7))) {
            assertThat(avro.decode(avro.encode(update))).isEqualTo(update);
        }
    }

    @Test
    void positionsAndDeadLettersAreReadBack() {
        RegistryAvro<IngestPosition> positions = new RegistryAvro<>(registry, "p", FreshetAvro.ingestPositions());
        IngestPosition.Source source = new IngestPosition.Source("7561", 1);
        for (IngestPosition position : List.of(
                new IngestPosition(1, null, 0, null, false, 0, 0, source, 1),
                new IngestPosition(1, "{}", 3, new IngestPosition.Identity(4, 5), true, 6, 7, source, 8))) {
            assertThat(positions.decode(positions.encode(position))).isEqualTo(position);
        }
        RegistryAvro<DeadLetter> letters = new RegistryAvro<>(registry, "d", FreshetAvro.deadLetters());
        DeadLetter letter = new DeadLetter(
                1,
                "ingest",
                "orders 0/1",
                "year 294276",
                ChangeKey.order(Id.of(1), Id.of(2)),
                null,
                new byte[] {1, 2},
                9);
        assertThat(letters.decode(letters.encode(letter)))
                .usingRecursiveComparison()
                .isEqualTo(letter);
    }

    @Test
    void bytesThatAreNoValueAreUndecodable() {
        RegistryAvro<Change> avro = new RegistryAvro<>(registry, "changes-value", FreshetAvro.changes(CATALOGUE));
        byte[] good = avro.encode(new Change(1, 2, new Change.UserRow()));
        byte[] truncated = Arrays.copyOf(good, good.length - 1);
        byte[] trailing = Arrays.copyOf(good, good.length + 1);
        byte[] otherMagic = good.clone();
        otherMagic[0] = 1;
        for (byte[] bad : List.of(new byte[0], new byte[] {0, 0, 0, 0}, truncated, trailing, otherMagic)) {
            assertThatThrownBy(() -> avro.decode(bad)).isInstanceOf(UndecodableException.class);
        }
    }

    @Test
    void aRecordOfAnotherNameIsUndecodable() {
        RegistryAvro<DeadLetter> letters = new RegistryAvro<>(registry, "d", FreshetAvro.deadLetters());
        byte[] letter = letters.encode(new DeadLetter(1, "ingest", "", "", null, null, null, 9));
        RegistryAvro<Change> avro = new RegistryAvro<>(registry, "changes-value", FreshetAvro.changes(CATALOGUE));
        assertThatThrownBy(() -> avro.decode(letter)).isInstanceOf(UndecodableException.class);
    }

    @Test
    void anUnknownSchemaIdIsWaitedFor() {
        RegistryAvro<Change> avro = new RegistryAvro<>(registry, "changes-value", FreshetAvro.changes(CATALOGUE));
        byte[] unknown = avro.encode(new Change(1, 2, new Change.UserRow()));
        unknown[1] = 77;
        assertThatThrownBy(() -> avro.decode(unknown)).isInstanceOf(RegistryUnavailableException.class);
    }
}
