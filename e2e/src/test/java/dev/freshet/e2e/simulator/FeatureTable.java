package dev.freshet.e2e.simulator;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Id;
import dev.freshet.schemas.UserPartition;
import dev.freshet.schemas.change.Change;
import dev.freshet.schemas.feature.FeatureUpdate;
import dev.freshet.schemas.feature.FeatureUpdate.Row;
import dev.freshet.schemas.feature.FeatureUpdate.Watermark;
import dev.freshet.sink.rule.Batch;
import dev.freshet.sink.rule.Claim;
import dev.freshet.sink.rule.WriteRules;
import dev.freshet.testkit.oracle.Truth;

/**
 * user_features_g(N) with its positions and watermarks. Whatever is written is judged in the moment it becomes visible: by
 * the source's tables at the LSN of the tick that the row names, and never by anything that the job under test keeps.
 */
final class FeatureTable {
    /** How complete a table is: up to an LSN, and up to a source time. */
    record Progress(long lsn, long time) {
        boolean isBefore(Progress other) {
            return lsn < other.lsn || time < other.time;
        }
    }

    private final Generation generation;
    private final World world;
    private final long[] next;
    private final int[] positionDays;
    private final Map<Id, Row> rows = new HashMap<>();
    private final Watermark[] watermarks;

    /** By user, the newest entry that was ever visible, also a removal. */
    private final Map<Id, FeatureUpdate> newest = new HashMap<>();

    FeatureTable(Generation generation, World world) {
        this.generation = generation;
        this.world = world;
        int partitions = generation.log.partitions.size();
        next = new long[partitions];
        positionDays = new int[partitions];
        java.util.Arrays.fill(positionDays, world.day);
        watermarks = new Watermark[partitions];
    }

    long position(int partition) {
        return next[partition];
    }

    /** When the last entry before the position was appended. */
    int positionDay(int partition) {
        return positionDays[partition];
    }

    /** One transaction of a sink; false if it was rolled back. */
    boolean write(List<Claim> claims, int[] days, Batch batch) {
        boolean compares = world.has(Rule.SINK_COMPARES_AND_SETS_ITS_POSITION);
        for (Claim claim : claims) {
            if (compares && !WriteRules.ownsPosition(next[claim.partition()], claim.expected())) {
                return false;
            }
        }
        for (int i = 0; i < days.length; i++) {
            Claim claim = claims.get(i);
            next[claim.partition()] = claim.next();
            positionDays[claim.partition()] = days[i];
        }
        batch.upserts().forEach(upsert -> upsert(upsert.user(), upsert.row()));
        batch.removals().forEach(gone -> remove(gone.user(), gone.removal()));
        batch.watermarks().forEach(mark -> raise(mark.partition(), mark.watermark()));
        batch.watermarks().forEach(mark -> requireWatermarkIsTrue(mark.partition()));
        return true;
    }

    private void upsert(Id user, Row row) {
        Row held = rows.get(user);
        if (held != null && !WriteRules.replaces(held.version(), row.version())) {
            alarm("the guard rejects " + row + " behind " + held);
            return;
        }
        requireRising(user, row);
        requireTrue(user, row, Truth.claimedBy(row));
        rows.put(user, row);
    }

    /** DELETE ... WHERE version < the removal's: nothing is kept of a user that is not there. */
    private void remove(Id user, FeatureUpdate.Removal removal) {
        Row held = rows.get(user);
        if (held != null && !WriteRules.replaces(held.version(), removal.version())) {
            alarm("the guard rejects " + removal + " behind " + held);
            return;
        }
        requireTrue(user, removal, null);
        if (held != null) {
            requireRising(user, removal);
            rows.remove(user);
        } else {
            newest.merge(user, removal, (one, other) -> one.version() < other.version() ? other : one);
        }
    }

    private void raise(int partition, Watermark watermark) {
        Watermark held = watermarks[partition];
        if (held != null && !WriteRules.replaces(held.version(), watermark.version())) {
            alarm("the guard rejects " + watermark + " behind " + held);
            return;
        }
        if (held != null && (watermark.lsn() < held.lsn() || watermark.computedAt() < held.computedAt())) {
            throw new Violation("a watermark falls: " + watermark + " behind " + held);
        }
        watermarks[partition] = watermark;
    }

    /** guard_rejected is an alarm: with all rules in force it must never ring. */
    private void alarm(String what) {
        if (world.hasAllRules()) {
            throw new Violation(what);
        }
    }

    private void requireRising(Id user, FeatureUpdate update) {
        FeatureUpdate before = newest.put(user, update);
        if (world.judgesTheEndOnly()) {
            return;
        }
        if (before != null && (update.version() <= before.version() || update.computedAt() < before.computedAt())) {
            throw new Violation("user " + user + " goes back: " + update + " behind " + before);
        }
    }

    private void requireTrue(Id user, FeatureUpdate update, @Nullable Truth claimed) {
        if (world.judgesTheEndOnly()) {
            return;
        }
        Change tick = tick(user, update.version());
        SourceWal.Transaction last = world.source.upTo(tick.lsn());
        if (last == null) {
            throw new Violation("user " + user + ": " + update + " is emitted while nothing is complete: " + tick);
        }
        if (update.computedAt() > last.time()) {
            throw new Violation("user " + user + ": " + update + " tells of a time beyond what was read: " + tick);
        }
        Truth truth = last.after().at(user, update.computedAt());
        if (!Objects.equals(claimed, truth)) {
            throw new Violation("user " + user + " at " + tick + ": " + update + ", and the truth is " + truth);
        }
    }

    private Change tick(Id user, long version) {
        return generation.log.tickAt(UserPartition.of(user, next.length), version);
    }

    /** Every source transaction up to the watermark's LSN, and every edge up to its time, is in the table. */
    private void requireWatermarkIsTrue(int partition) {
        Watermark watermark = watermarks[partition];
        if (watermark == null || world.judgesTheEndOnly()) {
            return;
        }
        SourceWal.Transaction last = world.source.upTo(watermark.lsn());
        for (Id user : World.USERS) {
            if (UserPartition.of(user, next.length) != partition) {
                continue;
            }
            FeatureUpdate held = newest.get(user);
            if (held != null && tick(user, held.version()).lsn() > watermark.lsn()) {
                continue; // newer than the watermark promises, and judged when it was written
            }
            Row row = rows.get(user);
            Truth claimed = row == null ? null : Truth.claimedBy(row);
            Truth truth = last == null ? null : last.after().at(user, watermark.computedAt());
            if (!Objects.equals(claimed, truth)) {
                throw new Violation(
                        "user " + user + " has " + row + ", and " + watermark + " promises the truth: " + truth);
            }
        }
    }

    /** complete_through: the lowest watermark; null if a partition has none, and then nobody may see the table. */
    @Nullable
    Progress completeThrough() {
        long lsn = Long.MAX_VALUE;
        long time = Long.MAX_VALUE;
        for (Watermark watermark : watermarks) {
            if (watermark == null) {
                return null;
            }
            lsn = Math.min(lsn, watermark.lsn());
            time = Math.min(time, watermark.computedAt());
        }
        return new Progress(lsn, time);
    }

    /** The table is the truth of the source as it is now. */
    void requireRight() {
        SourceWal.Transaction last = world.source.last();
        for (Id user : World.USERS) {
            Row row = rows.get(user);
            Truth truth = last.after().at(user, last.time());
            if (!Objects.equals(row == null ? null : Truth.claimedBy(row), truth)) {
                throw new Violation("wrong for ever in " + generation + ": user " + user + " has " + row
                        + ", and the truth is " + truth);
            }
        }
    }
}
