package dev.freshet.e2e.simulator;

import java.util.List;
import org.jspecify.annotations.Nullable;

import dev.freshet.e2e.simulator.SourceWal.LogEntry;
import dev.freshet.schemas.Id;
import dev.freshet.schemas.change.ChangeKey;
import dev.freshet.testkit.oracle.Oracle;

/** An attempt to replace all that the log has of a user: a mark in the WAL, the user's rows as of some moment behind it, another mark. */
final class Repair {
    private final World world;
    private final Id user;
    private final long begin;
    private @Nullable Oracle rows;
    private long end = Long.MAX_VALUE;
    private boolean hasBegun;
    private boolean isDisturbed;

    Repair(World world) {
        this.world = world;
        user = World.USERS.get(world.random.nextInt(World.USERS.size()));
        world.source.commit(world.clock);
        begin = world.source.last().end();
    }

    void step() {
        if (rows == null) {
            rows = world.source.last().after();
        } else if (end == Long.MAX_VALUE) {
            world.source.commit(world.clock);
            end = world.source.last().end();
        }
    }

    void passes(ChangeKey key) {
        Id concerned = ChangeLog.userOf(key);
        isDisturbed |= hasBegun && (concerned == null || concerned.equals(user));
    }

    /** Whether the source transaction that ends here is the second mark. */
    boolean passesEnd(long transaction) {
        hasBegun |= transaction >= begin;
        return transaction == end;
    }

    boolean isDisturbed() {
        return isDisturbed;
    }

    /** The user's rows, or, of a user without any, now and then an erasure. */
    List<LogEntry> entries(ChangeLog log) {
        boolean isAbsent = !rows.users().contains(user) && rows.ordersOf(user).isEmpty();
        return isAbsent && world.random.nextBoolean() ? log.erasure(user) : SourceWal.repair(rows, user);
    }
}
