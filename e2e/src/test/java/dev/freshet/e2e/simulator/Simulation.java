package dev.freshet.e2e.simulator;

import java.util.Set;
import java.util.SplittableRandom;

/**
 * One run: at every step chance picks who acts or what goes wrong. At the end all is left alone, and then the table has to
 * become the truth within a bounded number of rounds.
 */
final class Simulation {
    private static final int MOST_GENERATIONS = 6;
    private static final int ROUNDS_TO_CATCH_UP = 60;

    private enum Action {
        CHANGE,
        INGEST,
        TASK,
        SINK
    }

    private enum Disturbance {
        INGEST_DIES,
        INGEST_IS_DOUBLED,
        INGEST_TRANSACTION_TIMES_OUT,
        TASK_IS_ROLLED_BACK,
        TASK_DIES,
        TASK_IS_TAKEN_OVER,
        ORPHANS_TIME_OUT,
        SINKS_DIE,
        SINK_IS_DOUBLED,
        OUTAGE_OF_DAYS,
        QUIET_DAYS,
        COMPACTION,
        REBUILD,
        SLOT_IS_LOST
    }

    private final World world;
    private final SplittableRandom random;
    private final Traffic traffic;
    private final Processes processes;
    private final Readers readers;
    private final Weather<Action> actions;
    private final Weather<Disturbance> disturbances;

    /** One step in so many disturbs something. */
    private final int calm;

    /** With all rules in force. */
    Simulation(long seed) {
        this(seed, Set.of(), false);
    }

    /**
     * @param off the rules that are not in force
     * @param judgesTheEndOnly only rows that are wrong for ever count
     */
    Simulation(long seed, Set<Rule> off, boolean judgesTheEndOnly) {
        world = new World(seed, off, judgesTheEndOnly);
        random = world.random;
        traffic = new Traffic(world);
        processes = new Processes(world);
        readers = new Readers(world);
        calm = random.nextInt(6, 30);
        actions = new Weather<>(random, 1, Action.values(), 2, 2, 2, 2);
        boolean ages = random.nextInt(4) == 0;
        disturbances = ages
                ? new Weather<>(random, 0, Disturbance.values(), 1, 1, 0, 1, 1, 1, 1, 1, 1, 4, 10, 16, 10, 0)
                : new Weather<>(random, 0, Disturbance.values(), 4, 4, 2, 8, 3, 8, 6, 2, 8, 3, 3, 5, 5, 1);
    }

    /** @throws Violation if a promise is broken */
    void run() {
        for (int steps = random.nextInt(80, 240); steps > 0; steps--) {
            if (random.nextInt(calm) == 0) {
                disturb();
            } else {
                act();
            }
        }
        end();
    }

    private void act() {
        switch (actions.pick(random)) {
            case CHANGE -> traffic.transaction();
            case INGEST -> processes.stepIngest();
            case TASK -> processes.stepTask();
            case SINK -> {
                Generation generation = world.someGeneration();
                if (generation != null) {
                    processes.stepSink(generation);
                    readers.maybeTurnTo(generation);
                    readers.look();
                }
            }
        }
    }

    private void disturb() {
        switch (disturbances.pick(random)) {
            case INGEST_DIES -> processes.killIngests();
            case INGEST_IS_DOUBLED -> processes.doubleIngest();
            case INGEST_TRANSACTION_TIMES_OUT -> world.ingestTransactions.timeOut();
            case TASK_IS_ROLLED_BACK -> processes.onSomeTask(Task::rollBack);
            case TASK_DIES -> processes.onSomeTask(Task::kill);
            case TASK_IS_TAKEN_OVER -> processes.takeOverTask();
            case ORPHANS_TIME_OUT -> processes.timeOutOrphans();
            case SINKS_DIE -> processes.killSinks();
            case SINK_IS_DOUBLED -> processes.doubleSink();
            case OUTAGE_OF_DAYS -> {
                processes.killAll();
                world.day += random.nextInt(6) == 0 ? random.nextInt(7, 10) : random.nextInt(2, 6);
            }
            case QUIET_DAYS -> quietDays();
            case COMPACTION -> world.compact();
            case REBUILD -> {
                readers.dropOlder();
                if (world.generations.size() < MOST_GENERATIONS) {
                    world.begin(world.newest().log);
                }
            }
            case SLOT_IS_LOST -> world.newest().log.isCutOff = world.generations.size() < MOST_GENERATIONS;
        }
    }

    /** Nothing but signs of life for days, and all keep up. */
    private void quietDays() {
        for (int times = random.nextInt(1, 4); times > 0; times--) {
            world.source.commit(world.clock);
            processes.catchUp();
            readers.look();
            world.day += random.nextInt(1, 6);
        }
    }

    private void end() {
        world.isEnding = true;
        processes.killAll();
        world.clock += random.nextInt(50);
        for (int round = 0; round < ROUNDS_TO_CATCH_UP; round++) {
            world.source.commit(world.clock);
            processes.catchUpIngest();
            if (world.newest().isGivenUp) {
                world.begin(world.newest().log);
            }
            processes.catchUp(world.newest());
            if (world.isUpToDate(world.newest())) {
                requireRight();
                return;
            }
        }
        throw new Violation(world.newest() + " does not catch up: complete through "
                + world.newest().table.completeThrough());
    }

    /** Every generation that is still fed from the newest log. */
    private void requireRight() {
        for (Generation generation : world.generations) {
            if (generation.log == world.newest().log) {
                processes.catchUp(generation);
                if (!generation.isGivenUp && world.isUpToDate(generation)) {
                    generation.table.requireRight();
                }
            }
        }
    }
}
