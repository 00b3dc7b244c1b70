package dev.freshet.e2e.simulator;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Id;
import dev.freshet.schemas.change.Change;
import dev.freshet.schemas.change.ChangeKey;
import dev.freshet.schemas.feature.FeatureKey;
import dev.freshet.schemas.feature.FeatureUpdate;
import dev.freshet.streams.core.Emitter;
import dev.freshet.streams.core.FeatureEngine;
import dev.freshet.streams.core.Stores;

/** A process that runs a task: the real engine between the log and the features topic. It may have lost the task already. */
final class Task implements Emitter {
    private static final int ALL = 1_000;

    private final TaskHome home;
    private final World world;
    private final Stores stores = Stock.four();
    private final FeatureEngine engine;

    /** Where the log ended when the process started. */
    private final long logEnd;

    /** How far this process's own clock is off. */
    private final long skew;

    private long position;
    private int day = Integer.MIN_VALUE;
    private @Nullable KafkaTransaction output;
    private boolean isAlive = true;

    Task(TaskHome home, World world) {
        this.home = home;
        this.world = world;
        SplittableRandom random = world.random;
        skew = random.nextLong(-8, 9);
        engine = new FeatureEngine(World.CATALOGUE, stores, this, random.nextBoolean() ? random.nextInt(1, 4) : ALL);
        logEnd = home.generation.log.partitions.get(home.partition).lastStable();
        position = home.position();
        home.copyTo(stores);
        restore();
    }

    private void restore() {
        engine.restore(() -> world.has(Rule.REBUILD_IS_QUIET_UNTIL_THE_LOGS_END) ? logEnd : 0);
        if (!world.has(Rule.NOTHING_IS_EMITTED_BEFORE_THE_SNAPSHOTS_END) && position == 0) {
            engine.apply(0, ChangeKey.Control.SNAPSHOT_END, new Change(0, 0, Change.CONTROL));
        }
    }

    boolean isAlive() {
        return isAlive;
    }

    boolean isCaughtUp() {
        return !home.generation.log.partitions.get(home.partition).hasMore(position);
    }

    /** The process ends; its open transaction stays open. */
    void kill() {
        isAlive = false;
        if (output != null) {
            world.orphans.add(output);
        }
    }

    void poll(int atMost) {
        TopicPartition.Poll<ChangeKey, Change> poll = home.generation
                .log
                .partitions
                .get(home.partition)
                .read(position, atMost, world.has(Rule.STREAMS_READS_COMMITTED));
        for (TopicPartition.Entry<ChangeKey, Change> entry : poll.entries()) {
            if (engine.isEmitting() && world.isCompactable(entry.day) && world.has(Rule.LATE_ENTRIES_ARE_REFUSED)) {
                home.generation.isGivenUp = true;
                kill();
                return;
            }
            day = entry.day;
            apply(entry);
        }
        position = poll.next();
    }

    private void apply(TopicPartition.Entry<ChangeKey, Change> entry) {
        Change change = entry.value;
        if (entry.key == ChangeKey.Control.TICK && !world.has(Rule.TIME_IS_WHAT_TICKS_SAY)) {
            change = new Change(change.lsn(), Math.max(0, world.clock + skew), change.body());
        }
        engine.apply(entry.offset, entry.key, change);
        if (entry.key == ChangeKey.Control.TICK && !world.has(Rule.WATERMARK_WAITS_FOR_WHAT_IS_OWED)) {
            append(
                    new FeatureKey.Partition(home.partition),
                    new FeatureUpdate.Watermark(entry.offset, change.sourceTime(), change.lsn()));
        }
    }

    void commit() {
        if (home.commit(this, output, stores, position, day)) {
            output = null;
        } else {
            abort();
            isAlive = false;
        }
    }

    /** The transaction fails and state is restored, under the same objects, as after a TaskCorruptedException. */
    void rollBack() {
        abort();
        if (world.has(Rule.RESTORE_GOES_BACK_TO_THE_COMMITTED_OFFSET)) {
            position = home.position();
        }
        home.copyTo(stores);
        if (world.has(Rule.RESTORE_CLEARS_THE_HEAP)) {
            restore();
        }
    }

    private void abort() {
        if (output != null) {
            output.abort();
            output = null;
        }
    }

    @Override
    public void emit(Id user, FeatureUpdate update) {
        append(new FeatureKey.User(user), update);
    }

    @Override
    public void erase(Id user) {
        append(new FeatureKey.User(user), null);
    }

    @Override
    public void emit(FeatureUpdate.Watermark watermark) {
        if (world.has(Rule.WATERMARK_WAITS_FOR_WHAT_IS_OWED)) {
            append(new FeatureKey.Partition(home.partition), watermark);
        }
    }

    private void append(FeatureKey key, @Nullable FeatureUpdate update) {
        if (output == null) {
            output = new KafkaTransaction();
        }
        home.generation.features.get(home.partition).append(key, update, output, day);
    }
}
