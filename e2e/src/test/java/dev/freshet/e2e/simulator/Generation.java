package dev.freshet.e2e.simulator;

import java.util.ArrayList;
import java.util.List;

import dev.freshet.schemas.feature.FeatureKey;
import dev.freshet.schemas.feature.FeatureUpdate;

/** One build: a change log, which may be another's, the tasks that read it, their features topic, and the table. */
final class Generation {
    final int number;
    final ChangeLog log;
    final List<TopicPartition<FeatureKey, FeatureUpdate>> features = new ArrayList<>();
    final List<TaskHome> tasks = new ArrayList<>();
    final List<Sink> sinks = new ArrayList<>();
    final FeatureTable table;

    /** A process of it has refused to go on; only a new build helps. */
    boolean isGivenUp;

    Generation(int number, ChangeLog log, World world) {
        this.number = number;
        this.log = log;
        for (int partition = 0; partition < log.partitions.size(); partition++) {
            features.add(new TopicPartition<>());
            tasks.add(new TaskHome(this, partition, world));
        }
        table = new FeatureTable(this, world);
    }

    @Override
    public String toString() {
        return "g" + number;
    }
}
