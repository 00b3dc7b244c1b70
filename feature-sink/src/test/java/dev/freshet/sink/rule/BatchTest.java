package dev.freshet.sink.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

import dev.freshet.schemas.Id;
import dev.freshet.schemas.feature.FeatureKey;
import dev.freshet.schemas.feature.FeatureUpdate;
import dev.freshet.schemas.feature.FeatureUpdate.Removal;
import dev.freshet.schemas.feature.FeatureUpdate.Row;
import dev.freshet.schemas.feature.FeatureUpdate.Watermark;
import dev.freshet.sink.rule.Batch.Gone;
import dev.freshet.sink.rule.Batch.Mark;
import dev.freshet.sink.rule.Batch.Upsert;

class BatchTest {
    private final Batch batch = new Batch();

    @Test
    void theNewestVersionOfAUserIsKeptWhateverTheOrderOfArrival() {
        add(7, row(12));
        add(7, row(11));

        assertThat(batch.upserts()).containsExactly(new Upsert(Id.of(7), row(12)));
    }

    @Test
    void aUserRemovedAndCreatedAgainIsAnUpsert() {
        add(7, row(11));
        add(7, new Removal(12, 12));
        add(7, row(13));

        assertThat(batch.upserts()).containsExactly(new Upsert(Id.of(7), row(13)));
        assertThat(batch.removals()).isEmpty();
    }

    @Test
    void aUserCreatedAndRemovedIsARemoval() {
        add(7, new Removal(12, 12));
        add(7, row(11));

        assertThat(batch.upserts()).isEmpty();
        assertThat(batch.removals()).containsExactly(new Gone(Id.of(7), new Removal(12, 12)));
    }

    @Test
    void usersComeOutSortedByNumber() {
        for (long user : new long[] {10, -3, 9, Long.MIN_VALUE, Long.MAX_VALUE, 0}) {
            add(user, row(1));
        }

        assertThat(batch.upserts())
                .extracting(Upsert::user)
                .containsExactly(
                        Id.of(Long.MIN_VALUE), Id.of(-3), Id.of(0), Id.of(9), Id.of(10), Id.of(Long.MAX_VALUE));
    }

    @Test
    void theHighestWatermarkOfEachPartitionIsKept() {
        batch.add(new FeatureKey.Partition(1), new Watermark(6, 60, 600));
        batch.add(new FeatureKey.Partition(0), new Watermark(4, 40, 400));
        batch.add(new FeatureKey.Partition(1), new Watermark(5, 50, 500));

        assertThat(batch.watermarks())
                .containsExactly(new Mark(0, new Watermark(4, 40, 400)), new Mark(1, new Watermark(6, 60, 600)));
    }

    @Test
    void anUpdateUnderAKeyOfAnotherKindIsRefused() {
        assertThatThrownBy(() -> add(7, new Watermark(1, 1, 1))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> batch.add(new FeatureKey.Partition(0), row(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shuffledBatchesWriteWhatTheNewestVersionsSay() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int run = 0; run < 500; run++) {
            Map<Long, FeatureUpdate> newest = new HashMap<>();
            List<Map.Entry<Long, FeatureUpdate>> entries = new ArrayList<>();
            for (long version = 1; version <= 40; version++) {
                long user = random.nextInt(8);
                FeatureUpdate update = random.nextInt(3) == 0 ? new Removal(version, version) : row(version);
                newest.put(user, update);
                entries.add(Map.entry(user, update));
            }
            Collections.shuffle(entries, random);

            Batch shuffled = new Batch();
            entries.forEach(entry -> shuffled.add(new FeatureKey.User(Id.of(entry.getKey())), entry.getValue()));

            Map<Long, FeatureUpdate> written = new HashMap<>();
            shuffled.upserts().forEach(upsert -> written.put(number(upsert.user()), upsert.row()));
            shuffled.removals().forEach(gone -> written.put(number(gone.user()), gone.removal()));
            assertThat(written).as("seed %d run %d", seed, run).isEqualTo(newest);
        }
    }

    private void add(long user, FeatureUpdate update) {
        batch.add(new FeatureKey.User(Id.of(user)), update);
    }

    private static long number(Id id) {
        return ((Id.OfLong) id).value();
    }

    private static Row row(long version) {
        return new Row(version, version * 10, null, false, List.of());
    }
}
