package dev.freshet.e2e.simulator;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Id;
import dev.freshet.schemas.catalogue.Aggregate;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.schemas.catalogue.FeatureDefinition;
import dev.freshet.schemas.change.ChangeKey;

/** What is there beside processes: source, broker, target, the two clocks, and the rules that are in force. */
final class World {
    /** The default catalogue, but windows so short that a tiny history crosses their edges. */
    static final Catalogue CATALOGUE = new Catalogue(List.of(
            new FeatureDefinition("order_count_7d", Aggregate.COUNT, null, Duration.of(7, ChronoUnit.MICROS)),
            new FeatureDefinition("order_count_30d", Aggregate.COUNT, null, Duration.of(30, ChronoUnit.MICROS)),
            new FeatureDefinition("avg_order_value", Aggregate.AVG, "total", null),
            new FeatureDefinition("last_order_date", Aggregate.LAST_DATE, null, null)));

    static final List<Id> USERS = List.of(Id.of(1), Id.of(2), Id.of(3), Id.of(4));

    /** One less than tombstones live at the least, and than what is read as it was written. */
    static final int OLDEST_POSITION_DAYS = TopicPartition.RETENTION_DAYS - 1;

    final SplittableRandom random;
    final int partitions;
    final SourceWal source = new SourceWal(CATALOGUE);
    final TransactionCoordinator ingestTransactions = new TransactionCoordinator();
    final List<Generation> generations = new ArrayList<>();

    /** Open transactions of processes that are gone, until they time out. */
    final List<KafkaTransaction> orphans = new ArrayList<>();

    /** The source's clock, in microseconds. */
    long clock = 1_000_000;

    /** The wall's. */
    int day;

    /** Nothing is disturbed any more. */
    boolean isEnding;

    private final Set<Rule> off;
    private final boolean judgesTheEndOnly;

    /** @param judgesTheEndOnly only rows that are wrong for ever count */
    World(long seed, Set<Rule> off, boolean judgesTheEndOnly) {
        random = new SplittableRandom(seed);
        partitions = random.nextInt(1, 4);
        this.off = off.isEmpty() ? EnumSet.noneOf(Rule.class) : EnumSet.copyOf(off);
        this.judgesTheEndOnly = judgesTheEndOnly;
        source.commit(clock);
        beginGenerationWithNewLog();
    }

    boolean has(Rule rule) {
        return !off.contains(rule);
    }

    boolean hasAllRules() {
        return off.isEmpty();
    }

    boolean judgesTheEndOnly() {
        return judgesTheEndOnly;
    }

    Generation newest() {
        return generations.get(generations.size() - 1);
    }

    ChangeLog beginGenerationWithNewLog() {
        return begin(new ChangeLog(partitions)).log;
    }

    /** A rebuild, if the log is another generation's. */
    Generation begin(ChangeLog log) {
        Generation generation = new Generation(generations.size() + 1, log, this);
        generations.add(generation);
        return generation;
    }

    /** A generation that is fed, the newest more often than others; null if there is none. */
    @Nullable
    Generation someGeneration() {
        List<Generation> fed = new ArrayList<>(generations);
        fed.removeIf(generation -> generation.isGivenUp);
        if (fed.isEmpty()) {
            return null;
        }
        return fed.get(random.nextBoolean() ? fed.size() - 1 : random.nextInt(fed.size()));
    }

    /** Whether the cleaner may have come to what was appended on that day. */
    boolean isCompactable(int appended) {
        return day - appended > TopicPartition.RETENTION_DAYS;
    }

    boolean isUpToDate(Generation generation) {
        FeatureTable.Progress complete = generation.table.completeThrough();
        return complete != null && complete.lsn() == source.last().end();
    }

    /** The cleaner comes by, somewhere. */
    void compact() {
        boolean lags = has(Rule.COMPACTION_LAGS);
        for (Generation generation : generations) {
            int partition = random.nextInt(partitions);
            TopicPartition<ChangeKey, ?> changes = generation.log.partitions.get(partition);
            changes.compact(upTo(changes.cleanable(day, lags)), day, this::compactionKey);
            TopicPartition<?, ?> features = generation.features.get(partition);
            features.compact(upTo(features.cleanable(day, lags)), day, key -> key);
        }
    }

    private long upTo(long cleanable) {
        return random.nextInt(4) == 0 ? cleanable : random.nextLong(cleanable + 1);
    }

    private Object compactionKey(ChangeKey key) {
        boolean forgetsUser = !has(Rule.KEY_HOLDS_THE_USER) && key instanceof ChangeKey.Row;
        return forgetsUser ? List.of(((ChangeKey.Row) key).table(), ((ChangeKey.Row) key).row()) : key;
    }
}
