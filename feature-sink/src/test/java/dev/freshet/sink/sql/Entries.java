package dev.freshet.sink.sql;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Id;
import dev.freshet.schemas.Numeric;
import dev.freshet.schemas.avro.FreshetAvro;
import dev.freshet.schemas.feature.FeatureKey;
import dev.freshet.schemas.feature.FeatureUpdate;
import dev.freshet.schemas.feature.FeatureUpdate.Removal;
import dev.freshet.schemas.feature.FeatureUpdate.Row;
import dev.freshet.schemas.feature.FeatureUpdate.Watermark;
import dev.freshet.schemas.feature.FeatureValue;
import dev.freshet.sink.rule.Claim;
import dev.freshet.sink.sql.Poll.Broken;
import dev.freshet.sink.sql.Poll.Entry;
import dev.freshet.sink.sql.Poll.Raw;

/** A features topic in memory, read poll by poll. */
final class Entries {
    private final SortedMap<Integer, Long> next = new TreeMap<>();
    private SortedMap<Integer, Claim> claims = new TreeMap<>();
    private List<Entry> entries = new ArrayList<>();
    private List<Broken> broken = new ArrayList<>();

    /** The row of version v counts v orders and was computed v seconds after the epoch. */
    static Row row(long version) {
        return new Row(
                version,
                version * 1_000_000,
                null,
                false,
                List.of(
                        new FeatureValue.Count(version),
                        new FeatureValue.Count(version),
                        new FeatureValue.Amount(Numeric.of(new BigDecimal(version).setScale(4))),
                        new FeatureValue.Day(LocalDate.of(2026, 3, 31))));
    }

    Entries row(int partition, long user, long version) {
        return user(partition, user, row(version));
    }

    Entries removal(int partition, long user, long version) {
        return user(partition, user, new Removal(version, version * 1_000_000));
    }

    Entries user(int partition, long user, FeatureUpdate update) {
        return user(partition, Id.of(user), update);
    }

    Entries user(int partition, Id user, FeatureUpdate update) {
        return add(partition, new FeatureKey.User(user), update);
    }

    Entries watermark(int partition, long version) {
        return add(
                partition, new FeatureKey.Partition(partition), new Watermark(version, version * 1_000_000, version));
    }

    Entries broken(int partition, @Nullable Long user) {
        return brokenOf(partition, user == null ? null : Id.of(user));
    }

    Entries brokenOf(int partition, @Nullable Id user) {
        broken.add(new Broken(raw(partition, new byte[] {1}), user, "in a test"));
        return this;
    }

    /** Takes part without news. */
    Entries nothing(int partition) {
        long at = next.getOrDefault(partition, 0L);
        claims.putIfAbsent(partition, new Claim(partition, at, at));
        return this;
    }

    private Entries add(int partition, FeatureKey key, FeatureUpdate update) {
        entries.add(new Entry(raw(partition, FreshetAvro.featureKeys().encode(key)), key, update));
        return this;
    }

    private Raw raw(int partition, byte[] key) {
        long offset = next.getOrDefault(partition, 0L);
        next.put(partition, offset + 1);
        claims.merge(
                partition,
                new Claim(partition, offset, offset + 1),
                (before, now) -> new Claim(partition, before.expected(), now.next()));
        return new Raw(partition, offset, key, new byte[] {2});
    }

    /** What came since the last poll. */
    Poll poll() {
        Poll poll = new Poll(List.copyOf(claims.values()), entries, broken);
        claims = new TreeMap<>();
        entries = new ArrayList<>();
        broken = new ArrayList<>();
        return poll;
    }
}
