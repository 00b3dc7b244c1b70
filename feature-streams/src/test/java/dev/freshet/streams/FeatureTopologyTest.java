package dev.freshet.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.Id;
import dev.freshet.schemas.Names;
import dev.freshet.schemas.Numeric;
import dev.freshet.schemas.avro.SchemaPatience;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.schemas.change.Change;
import dev.freshet.schemas.change.ChangeKey;
import dev.freshet.schemas.feature.FeatureKey;
import dev.freshet.schemas.feature.FeatureUpdate;
import dev.freshet.schemas.feature.FeatureValue;
import dev.freshet.streams.core.Entry;
import dev.freshet.streams.core.Replay;

class FeatureTopologyTest {
    private static final Id ANN = Id.of(1);
    private static final Id BEA = Id.of(2);
    private static final long DAY = 86_400_000_000L;
    private static final long NOON = LocalDate.of(2026, 3, 1).toEpochDay() * DAY + DAY / 2;

    @TempDir
    Path state;

    private TopologyHarness topology;

    @BeforeEach
    void start() {
        topology = new TopologyHarness(state);
    }

    @AfterEach
    void stop() {
        topology.close();
    }

    @Test
    void theDescriptionIsWhatRunningDeploymentsHaveStateUnder() {
        FeatureJob job = FeatureJob.of(
                new Names("freshet"),
                TopologyHarness.GENERATION,
                Catalogue.standard(),
                1,
                new MockSchemaRegistryClient());
        assertThat(sortedStores(FeatureTopology.of(
                                job,
                                new LogSchemas(job.codecs().changes(), Time.system()),
                                partition -> 0,
                                (partition, from) -> new LogReader.Reading(0, 0, false, offset -> false),
                                new StreamsMonitor().log(1),
                                Time.system())
                        .describe()
                        .toString()))
                .isEqualTo("""
                        Topologies:
                           Sub-topology: 0
                            Source: changes (topics: [freshet.changes.g1])
                              --> feature-engine
                            Processor: feature-engine (stores: [orders, progress, timeline, users])
                              --> dead-letters, features
                              <-- changes
                            Sink: dead-letters (topic: freshet.dead-letters)
                              <-- feature-engine
                            Sink: features (topic: freshet.features.g1)
                              <-- feature-engine

                        """);
    }

    @Test
    void nothingIsEmittedBeforeTheSnapshotHasEnded() {
        topology.row(ChangeKey.user(ANN), new Change.UserRow());
        topology.tick(1, NOON);
        assertThat(topology.emitted()).isEmpty();

        topology.control(ChangeKey.Control.SNAPSHOT_END);
        topology.tick(2, NOON + 1);
        assertThat(topology.emitted()).containsExactly(row(3, NOON + 1, null, counts(0, 0)), watermark(3, NOON + 1, 2));
    }

    @Test
    void anOrderIsCountedAndLeavesItsWindowsWithTheTicks() {
        snapshotOfAnn();
        topology.row(ChangeKey.order(ANN, Id.of(7)), order(NOON, "12.50"));
        topology.tick(10, NOON + 5);
        topology.tick(11, NOON + 7 * DAY - 1);
        topology.tick(12, NOON + 7 * DAY);
        topology.tick(13, NOON + 31 * DAY);

        List<FeatureValue> rest = List.of(amount("12.5000"), day(2026, 3, 1));
        assertThat(topology.emitted())
                .containsExactly(
                        row(4, NOON + 5, NOON + 7 * DAY, values(1, 1, rest)),
                        watermark(4, NOON + 5, 10),
                        watermark(5, NOON + 7 * DAY - 1, 11),
                        row(6, NOON + 7 * DAY, NOON + 30 * DAY, values(0, 1, rest)),
                        watermark(6, NOON + 7 * DAY, 12),
                        row(7, NOON + 31 * DAY, null, values(0, 0, rest)),
                        watermark(7, NOON + 31 * DAY, 13));
    }

    @Test
    void aDeletedUserIsARemovalThatKeepsItsVersion() {
        snapshotOfAnn();
        topology.row(ChangeKey.user(ANN), new Change.RowDeleted());
        topology.row(ChangeKey.user(ANN), null);
        topology.tick(10, NOON + 5);
        assertThat(topology.emitted())
                .containsExactly(
                        new TopologyHarness.Emitted(new FeatureKey.User(ANN), new FeatureUpdate.Removal(5, NOON + 5)),
                        watermark(5, NOON + 5, 10));
    }

    @Test
    void theEndOfAnErasedUserIsANullBehindTheRemoval() {
        snapshotOfAnn();
        topology.pipe(new ChangeKey.UserReset(ANN), null);
        topology.tick(10, NOON + 5);
        assertThat(topology.emitted())
                .containsExactly(
                        new TopologyHarness.Emitted(new FeatureKey.User(ANN), new FeatureUpdate.Removal(4, NOON + 5)),
                        new TopologyHarness.Emitted(new FeatureKey.User(ANN), null),
                        watermark(4, NOON + 5, 10));
    }

    @Test
    void aResetThatCannotBeReadIsAResetAndNoErasure() {
        snapshotOfAnn();
        topology.raw(topology.job().codecs().changeKeys().encode(new ChangeKey.UserReset(ANN)), new byte[] {9, 9});
        topology.tick(10, NOON + 5);
        assertThat(topology.emitted())
                .containsExactly(
                        new TopologyHarness.Emitted(new FeatureKey.User(ANN), new FeatureUpdate.Removal(4, NOON + 5)),
                        watermark(4, NOON + 5, 10));
    }

    @Test
    void aRecordThatCannotBeReadIsADeadLetterAndItsUserIsIncompleteUntilTheRowIsGoodAgain() {
        snapshotOfAnn();
        ChangeKey.Row key = ChangeKey.order(ANN, Id.of(7));
        topology.raw(topology.job().codecs().changeKeys().encode(key), new byte[] {9, 9});
        topology.tick(10, NOON + 5);
        topology.row(key, order(NOON, "1"));
        topology.tick(11, NOON + 6);

        assertThat(topology.emitted())
                .extracting(TopologyHarness.Emitted::update)
                .filteredOn(FeatureUpdate.Row.class::isInstance)
                .extracting(update -> ((FeatureUpdate.Row) update).incomplete())
                .containsExactly(true, false);
        assertThat(topology.deadLetters()).singleElement().satisfies(letter -> {
            assertThat(letter.row()).isEqualTo(key);
            assertThat(letter.value()).containsExactly(9, 9);
            assertThat(letter.place()).isEqualTo("test.changes.g1-0@3");
            assertThat(letter.reason()).contains("wire format");
        });
    }

    @Test
    void aSchemaThatTheRegistryDoesNotKnowIsWaitedForAndThenADeadLetter() {
        snapshotOfAnn();
        byte[] key = topology.job().codecs().changeKeys().encode(ChangeKey.order(ANN, Id.of(7)));
        byte[] value = {0, 0, 0, 0x12, 0x67, 9};
        Instant longAgo = Time.system().now().minus(Duration.ofDays(3));
        assertThatThrownBy(() -> topology.raw(key, value, longAgo)).hasRootCauseInstanceOf(RestClientException.class);
        assertThat(topology.deadLetters()).isEmpty();

        topology.passes(SchemaPatience.LENGTH);
        topology.raw(key, value, longAgo);
        topology.tick(10, NOON + 5);
        assertThat(topology.deadLetters()).singleElement().satisfies(letter -> {
            assertThat(letter.value()).isEqualTo(value);
            assertThat(letter.reason()).contains("4711");
        });
        assertThat(topology.emitted())
                .extracting(TopologyHarness.Emitted::update)
                .filteredOn(FeatureUpdate.Row.class::isInstance)
                .singleElement()
                .satisfies(update ->
                        assertThat(((FeatureUpdate.Row) update).incomplete()).isTrue());
    }

    @Test
    void aRecordWithoutAKeyIsADeadLetterAndHoldsTheWatermarkWhileRowsGoOn() {
        snapshotOfAnn();
        assertThat(topology.heldPartitions()).isZero();
        topology.raw(null, new byte[] {9});
        topology.row(ChangeKey.user(BEA), new Change.UserRow());
        topology.tick(10, NOON + 5);
        assertThat(topology.emitted())
                .singleElement()
                .extracting(TopologyHarness.Emitted::key)
                .isEqualTo(new FeatureKey.User(BEA));
        assertThat(topology.heldPartitions()).isEqualTo(1);
        assertThat(topology.deadLetters()).singleElement().satisfies(letter -> {
            assertThat(letter.key()).isNull();
            assertThat(letter.value()).containsExactly(9);
        });
    }

    @Test
    void aPartitionIsHeldAlsoByWhoeverGoesOnWithIt(@TempDir Path left) throws IOException {
        snapshotOfAnn();
        topology.raw(null, new byte[] {9});
        topology.leaveState(left);
        TopologyHarness next = new TopologyHarness(left);
        assertThat(next.heldPartitions()).isEqualTo(1);
        next.close();
        assertThat(next.heldPartitions()).as("by nobody").isZero();
    }

    @Test
    void aTombstoneOfARowThatNeverWasAndARowThatComesTwiceChangeNothing() {
        snapshotOfAnn();
        ChangeKey.Row key = ChangeKey.order(ANN, Id.of(7));
        topology.row(key, null);
        topology.row(ChangeKey.user(Id.of(99)), null);
        topology.row(key, order(NOON, "3"));
        topology.row(key, order(NOON, "3"));
        topology.tick(10, NOON + 5);
        assertThat(topology.deadLetters()).isEmpty();
        assertThat(topology.emitted())
                .extracting(TopologyHarness.Emitted::update)
                .filteredOn(update -> !(update instanceof FeatureUpdate.Watermark))
                .singleElement()
                .satisfies(update -> assertThat(((FeatureUpdate.Row) update).values())
                        .contains(new FeatureValue.Count(1), new FeatureValue.Amount(Numeric.parse("3"))));
    }

    @Test
    void aKeyThatCannotBeReadHoldsTheWatermark() {
        snapshotOfAnn();
        topology.raw(new byte[] {99}, new byte[] {9});
        topology.tick(10, NOON + 5);
        assertThat(topology.emitted()).isEmpty();
        assertThat(topology.deadLetters()).singleElement().satisfies(letter -> assertThat(letter.row())
                .isNull());
    }

    @Test
    void aStateOlderThanTombstonesIsNotGoneOnFrom(@TempDir Path left) throws IOException {
        snapshotOfAnn();
        topology.tick(2, NOON + 2);
        topology.leaveState(left);
        assertThatThrownBy(() -> new TopologyHarness(left, Duration.ofDays(7)))
                .rootCause()
                .isInstanceOf(Stop.Operator.class)
                .hasMessageContainingAll(
                        "test.changes.g1-0 is 7 days old", "freshet replay start --from-source --go-live");
    }

    @Test
    void randomHistoriesComeOutAsTheCoreAndTheOracleHaveThem() {
        long seed = Long.getLong("freshet.seed", new SplittableRandom().nextLong());
        System.out.println("seed " + seed);
        List<Entry> log = Replay.log(seed, 3_000);
        log.forEach(entry -> topology.pipe(entry.key(), entry.change()));
        assertThat(topology.emitted())
                .as("history of seed %d", seed)
                .map(emitted -> Map.entry(emitted.key(), Optional.ofNullable(emitted.update())))
                .containsExactlyElementsOf(Replay.emissions(log, TopologyHarness.SLICE));
        assertThat(topology.deadLetters()).isEmpty();
    }

    /** A description names a node's stores in the order of a hash set. */
    private static String sortedStores(String description) {
        Matcher stores = Pattern.compile("(?<=stores: \\[)[^]]*").matcher(description);
        return stores.replaceAll(
                names -> Stream.of(names.group().split(", ")).sorted().collect(Collectors.joining(", ")));
    }

    private void snapshotOfAnn() {
        topology.row(ChangeKey.user(ANN), new Change.UserRow());
        topology.control(ChangeKey.Control.SNAPSHOT_END);
        topology.tick(1, NOON + 1);
        topology.emitted();
    }

    private static Change.OrderRow order(long createdAt, String total) {
        return new Change.OrderRow(createdAt, List.of(Numeric.parse(total)));
    }

    private static TopologyHarness.Emitted row(
            long version, long computedAt, Long exactUntil, List<FeatureValue> values) {
        return new TopologyHarness.Emitted(
                new FeatureKey.User(ANN), new FeatureUpdate.Row(version, computedAt, exactUntil, false, values));
    }

    private static TopologyHarness.Emitted watermark(long version, long computedAt, long lsn) {
        return new TopologyHarness.Emitted(
                new FeatureKey.Partition(0), new FeatureUpdate.Watermark(version, computedAt, lsn));
    }

    private static List<FeatureValue> counts(long week, long month) {
        return values(week, month, Arrays.asList(null, null));
    }

    private static List<FeatureValue> values(long week, long month, List<FeatureValue> rest) {
        return Arrays.asList(new FeatureValue.Count(week), new FeatureValue.Count(month), rest.get(0), rest.get(1));
    }

    private static FeatureValue amount(String text) {
        return new FeatureValue.Amount(Numeric.of(new BigDecimal(text)));
    }

    private static FeatureValue day(int year, int month, int day) {
        return new FeatureValue.Day(LocalDate.of(year, month, day));
    }
}
