package dev.freshet.streams;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

import dev.freshet.runtime.check.Checks;
import dev.freshet.runtime.check.Finding;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.kafka.TopicSpec;
import dev.freshet.runtime.kafka.Topics;

/** What only streams needs: a place for its state on this machine, and the topics that keep a copy of it. */
public final class StreamsChecks implements Checks {
    private final FreshetConfig config;

    public StreamsChecks(FreshetConfig config) {
        this.config = config;
    }

    /** The changelogs of its stores, which Kafka Streams makes. */
    public static List<TopicSpec> internalTopics(FreshetConfig config, Topics topics, Generation generation) {
        return Stream.of(
                        StreamsNames.USERS_STORE,
                        StreamsNames.ORDERS_STORE,
                        StreamsNames.TIMELINE_STORE,
                        StreamsNames.PROGRESS_STORE)
                .map(store -> topics.changelog(
                        config.names().application(generation.number()) + "-" + store + "-changelog",
                        generation.partitions()))
                .toList();
    }

    @Override
    public String subject() {
        return "state";
    }

    @Override
    public List<Finding> find() {
        Path directory = config.streams().stateDir();
        if (directory == null) {
            return List.of(); // this machine runs no streams
        }
        Path existing = directory;
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        return existing != null && Files.isDirectory(existing) && Files.isWritable(existing)
                ? List.of()
                : List.of(new Finding(
                        "streams.state.dir " + directory + " is no directory that " + System.getProperty("user.name")
                                + " can write to",
                        "install -d -o " + System.getProperty("user.name") + " -m 0750 " + directory));
    }

    @Override
    public void fix(Consumer<String> done) {
        // Nothing of it can be mended from here.
    }
}
