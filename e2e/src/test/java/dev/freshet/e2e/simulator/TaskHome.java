package dev.freshet.e2e.simulator;

import org.jspecify.annotations.Nullable;

import dev.freshet.streams.core.Stores;

/** What is committed of a task, and who owns it now. */
final class TaskHome {
    final Generation generation;
    final int partition;

    private final World world;
    private final Stores committed = Stock.four();
    private long position;
    private int positionDay = Integer.MIN_VALUE;

    @Nullable
    Task owner;

    TaskHome(Generation generation, int partition, World world) {
        this.generation = generation;
        this.partition = partition;
        this.world = world;
    }

    /** Assigns the task to a new process, whatever becomes of the one that has it; it may refuse. */
    void assign() {
        boolean isOld = positionDay != Integer.MIN_VALUE && world.day - positionDay > World.OLDEST_POSITION_DAYS;
        if (isOld && world.has(Rule.OLD_POSITIONS_ARE_REFUSED)) {
            generation.isGivenUp = true;
            return;
        }
        owner = new Task(this, world);
    }

    long position() {
        return position;
    }

    void copyTo(Stores stores) {
        Stock.copy(committed, stores);
    }

    /** Offsets, state and output are one transaction, and only the owner's group generation may commit it. */
    boolean commit(Task task, @Nullable KafkaTransaction output, Stores stores, long next, int day) {
        if (owner != task) {
            return false;
        }
        if (output != null) {
            if (!output.isOpen()) {
                return false; // timed out
            }
            output.commit();
        }
        Stock.copy(stores, committed);
        position = next;
        positionDay = Math.max(positionDay, day);
        return true;
    }
}
