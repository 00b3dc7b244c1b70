package dev.freshet.sink.sql;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Id;
import dev.freshet.schemas.feature.FeatureKey;
import dev.freshet.schemas.feature.FeatureUpdate;
import dev.freshet.sink.rule.Batch;
import dev.freshet.sink.rule.Batch.Upsert;
import dev.freshet.sink.rule.Claim;

/**
 * What one transaction is made of: stretches of partitions of the features topic, and their entries.
 *
 * @param claims the stretches, by ascending partition
 * @param entries what could be decoded
 * @param broken what could not
 */
public record Poll(List<Claim> claims, List<Entry> entries, List<Broken> broken) {

    /** An entry's bytes and its place. */
    @SuppressWarnings("ArrayRecordComponent") // bytes as they were; never compared
    public record Raw(int partition, long offset, byte @Nullable [] key, byte @Nullable [] value) {}

    /** An entry. */
    public record Entry(Raw raw, FeatureKey key, FeatureUpdate update) {
        /** Whether it tells of this user. */
        boolean isOf(Id user) {
            return key instanceof FeatureKey.User of && of.id().equals(user);
        }
    }

    /**
     * An entry that is none.
     *
     * @param user whose features it would have told; null if not even that can be read
     * @param reason why, for a person
     */
    public record Broken(Raw raw, @Nullable Id user, String reason) {}

    public Poll {
        claims = List.copyOf(claims);
        entries = List.copyOf(entries);
        broken = List.copyOf(broken);
    }

    /** These stretches, and with them entries that waited from earlier ones. */
    Poll with(List<Entry> waiting) {
        if (waiting.isEmpty()) {
            return this;
        }
        List<Entry> both = new ArrayList<>(waiting);
        both.addAll(entries);
        return new Poll(claims, both, broken);
    }

    List<Integer> partitions() {
        return claims.stream().map(Claim::partition).toList();
    }

    Batch batch() {
        Batch batch = new Batch();
        entries.forEach(entry -> batch.add(entry.key(), entry.update()));
        return batch;
    }

    /** The entry that a row to be written came from. */
    Entry origin(Upsert upsert) {
        return entries.stream()
                .filter(entry -> entry.isOf(upsert.user())
                        && entry.update().version() == upsert.row().version())
                .findFirst()
                .orElseThrow();
    }

    /** Users with a broken entry and no good one behind it. */
    Set<Id> leftIncomplete() {
        Set<Id> users = new LinkedHashSet<>();
        for (Broken one : broken) {
            Id user = one.user();
            if (user != null && entries.stream().noneMatch(entry -> isLater(entry, user, one.raw()))) {
                users.add(user);
            }
        }
        return users;
    }

    private static boolean isLater(Entry entry, Id user, Raw broken) {
        return entry.isOf(user)
                && entry.raw().partition() == broken.partition()
                && entry.raw().offset() > broken.offset();
    }
}
