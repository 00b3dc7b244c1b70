package dev.freshet.e2e.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The processes between source and target: who runs, who is a zombie, and whose turn it is. */
final class Processes {
    private static final int ALL = 1_000;
    private static final int MOST_OF_A_KIND = 3;

    private final World world;
    private final SplittableRandom random;
    private final List<Ingest> ingests = new ArrayList<>();

    /** Tasks that others own by now. */
    private final List<Task> zombies = new ArrayList<>();

    Processes(World world) {
        this.world = world;
        random = world.random;
    }

    // Steps.

    void stepIngest() {
        ingests.removeIf(ingest -> !ingest.isAlive());
        if (ingests.isEmpty()) {
            ingests.add(new Ingest(world));
        }
        Ingest ingest = ingests.get(random.nextInt(ingests.size()));
        ingest.step();
        // Mostly nothing comes between one step and the next.
        while (ingest.isAlive() && !ingest.isCaughtUp() && random.nextInt(4) != 0) {
            ingest.step();
        }
    }

    void stepTask() {
        zombies.removeIf(task -> !task.isAlive());
        if (!zombies.isEmpty() && random.nextInt(4) == 0) {
            step(zombies.get(random.nextInt(zombies.size())));
            return;
        }
        onSomeGeneration(generation -> {
            Task task = owner(generation.tasks.get(random.nextInt(world.partitions)));
            if (task != null) {
                step(task);
            }
        });
    }

    private void step(Task task) {
        task.poll(random.nextInt(1, 16));
        if (task.isAlive() && random.nextInt(3) != 0) {
            task.commit();
        }
    }

    /** Whoever runs the task; if nobody does, a new process, which may refuse to. */
    private static @Nullable Task owner(TaskHome home) {
        if (home.owner == null || !home.owner.isAlive()) {
            home.owner = null;
            home.assign();
        }
        return home.owner;
    }

    void stepSink(Generation generation) {
        stepSink(generation, random.nextInt(1, 15));
    }

    private void stepSink(Generation generation, int atMost) {
        generation.sinks.removeIf(sink -> !sink.isAlive());
        if (generation.sinks.isEmpty()) {
            generation.sinks.add(newSink(generation, true));
        }
        Sink sink = generation.sinks.get(random.nextInt(generation.sinks.size()));
        if (sink.isAlive()) {
            sink.step(atMost);
        }
        if (sink.isAlive() && random.nextInt(3) != 0) {
            sink.step(atMost);
        }
    }

    private Sink newSink(Generation generation, boolean ofAll) {
        int[] partitions = IntStream.range(0, world.partitions)
                .filter(partition -> ofAll || random.nextBoolean())
                .toArray();
        return new Sink(generation, partitions, world);
    }

    // What goes wrong.

    void killIngests() {
        ingests.forEach(Ingest::kill);
    }

    void doubleIngest() {
        if (ingests.size() < MOST_OF_A_KIND) {
            ingests.add(new Ingest(world));
        }
    }

    void killSinks() {
        onSomeGeneration(generation -> generation.sinks.forEach(Sink::kill));
    }

    void doubleSink() {
        onSomeGeneration(generation -> {
            if (generation.sinks.size() < MOST_OF_A_KIND) {
                generation.sinks.add(newSink(generation, random.nextBoolean()));
            }
        });
    }

    void onSomeTask(Consumer<Task> action) {
        onSomeGeneration(generation -> {
            Task task = generation.tasks.get(random.nextInt(world.partitions)).owner;
            if (task != null && task.isAlive()) {
                action.accept(task);
            }
        });
    }

    /** The group takes the task away from a process that does not notice. */
    void takeOverTask() {
        onSomeGeneration(generation -> {
            TaskHome home = generation.tasks.get(random.nextInt(world.partitions));
            if (home.owner != null && home.owner.isAlive()) {
                zombies.add(home.owner);
            }
            home.owner = null;
            home.assign();
        });
    }

    private void onSomeGeneration(Consumer<Generation> action) {
        Generation generation = world.someGeneration();
        if (generation != null) {
            action.accept(generation);
        }
    }

    /** Every process dies, and the broker aborts what they left open. */
    void killAll() {
        killIngests();
        killZombies();
        for (Generation generation : world.generations) {
            generation.sinks.forEach(Sink::kill);
            for (TaskHome home : generation.tasks) {
                if (home.owner != null && home.owner.isAlive()) {
                    home.owner.kill();
                }
            }
        }
        timeOut();
    }

    private void killZombies() {
        zombies.forEach(Task::kill);
        zombies.clear();
    }

    private void timeOut() {
        world.ingestTransactions.timeOut();
        timeOutOrphans();
    }

    void timeOutOrphans() {
        world.orphans.forEach(KafkaTransaction::abort);
        world.orphans.clear();
    }

    // What goes well.

    /** Nothing is in the way, and all read what there is. */
    void catchUp() {
        killZombies();
        timeOut();
        catchUpIngest();
        for (Generation generation : List.copyOf(world.generations)) {
            catchUp(generation);
        }
    }

    void catchUpIngest() {
        killIngests();
        ingests.clear();
        Ingest ingest = new Ingest(world);
        ingests.add(ingest);
        while (!ingest.isCaughtUp()) {
            ingest.step();
        }
    }

    void catchUp(Generation generation) {
        for (TaskHome home : generation.tasks) {
            if (!generation.isGivenUp) {
                drain(home);
            }
        }
        for (int i = 0; i < 2 && !generation.isGivenUp; i++) {
            stepSink(generation, ALL);
        }
    }

    private static void drain(TaskHome home) {
        Task task = owner(home);
        while (task != null && task.isAlive() && !task.isCaughtUp()) {
            task.poll(ALL);
        }
        if (task != null && task.isAlive()) {
            task.commit();
        }
    }
}
