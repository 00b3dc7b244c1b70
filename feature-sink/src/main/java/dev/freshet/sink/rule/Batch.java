package dev.freshet.sink.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.freshet.schemas.Id;
import dev.freshet.schemas.feature.FeatureKey;
import dev.freshet.schemas.feature.FeatureUpdate;
import dev.freshet.schemas.feature.FeatureUpdate.Removal;
import dev.freshet.schemas.feature.FeatureUpdate.Row;
import dev.freshet.schemas.feature.FeatureUpdate.Watermark;

/**
 * What one transaction writes: of every user and of every partition only the newest entry, by version and not by the order
 * of arrival. An entry that another of the same batch supersedes never reaches the table, nor its history.
 *
 * <p>Users come out sorted, so that two transactions that touch the same users lock them in one order. Not safe for use by
 * several threads.
 */
public final class Batch {

    /** A user's new features. */
    public record Upsert(Id user, Row row) {}

    /** A user that is gone. */
    public record Gone(Id user, Removal removal) {}

    /** How complete a partition is with this batch. */
    public record Mark(int partition, Watermark watermark) {}

    private final SortedMap<Id, FeatureUpdate> users = new TreeMap<>();
    private final SortedMap<Integer, Watermark> marks = new TreeMap<>();

    /**
     * Adds one entry of the features topic. Entries of several partitions may be mixed: their users are distinct.
     *
     * @throws IllegalArgumentException if key and update do not belong together
     */
    public void add(FeatureKey key, FeatureUpdate update) {
        if (key instanceof FeatureKey.User user && !(update instanceof Watermark)) {
            users.merge(user.id(), update, Batch::newer);
        } else if (key instanceof FeatureKey.Partition partition && update instanceof Watermark watermark) {
            marks.merge(partition.number(), watermark, Batch::newer);
        } else {
            throw new IllegalArgumentException("a " + update.getClass().getSimpleName() + " under the key " + key);
        }
    }

    private static <T extends FeatureUpdate> T newer(T one, T other) {
        return WriteRules.replaces(one.version(), other.version()) ? other : one;
    }

    public boolean isEmpty() {
        return users.isEmpty() && marks.isEmpty();
    }

    /** The users to insert or update, ascending. */
    public List<Upsert> upserts() {
        List<Upsert> upserts = new ArrayList<>(users.size());
        users.forEach((user, update) -> {
            if (update instanceof Row row) {
                upserts.add(new Upsert(user, row));
            }
        });
        return upserts;
    }

    /** The users to delete, ascending. */
    public List<Gone> removals() {
        List<Gone> removals = new ArrayList<>();
        users.forEach((user, update) -> {
            if (update instanceof Removal removal) {
                removals.add(new Gone(user, removal));
            }
        });
        return removals;
    }

    /** The watermarks to raise, by ascending partition. */
    public List<Mark> watermarks() {
        return marks.entrySet().stream()
                .map(mark -> new Mark(mark.getKey(), mark.getValue()))
                .toList();
    }
}
