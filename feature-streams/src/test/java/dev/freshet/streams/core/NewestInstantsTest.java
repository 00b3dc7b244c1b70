package dev.freshet.streams.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NewestInstantsTest {
    @Test
    void theNewestIsThatOfAllWhateverComesAndGoes() {
        long seed = Long.getLong("freshet.seed", new SplittableRandom().nextLong());
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        List<Long> all = new ArrayList<>();
        NewestInstants newest = new NewestInstants();
        for (int i = 0; i < 100_000; i++) {
            if (all.isEmpty() || random.nextInt(1_000) < (i / 2_000 % 2 == 0 ? 520 : 480)) {
                long instant = random.nextInt(-30, 30);
                all.add(instant);
                newest.add(instant);
            } else {
                boolean ofTheNewest = random.nextBoolean();
                all.sort(Comparator.reverseOrder());
                long instant = all.remove(ofTheNewest ? 0 : random.nextInt(all.size()));
                newest.remove(instant);
                if (newest.isUsedUp()) {
                    all.sort(Comparator.reverseOrder());
                    List<Long> found = all.subList(0, Math.min(all.size(), NewestInstants.CAPACITY));
                    newest.refill(found, found.size() < NewestInstants.CAPACITY);
                }
            }
            ByteWriter out = new ByteWriter();
            newest.write(out);
            newest = new NewestInstants(new ByteReader(out.toBytes()));
            assertThat(newest.isEmpty()).as("step %d, seed %d", i, seed).isEqualTo(all.isEmpty());
            if (!all.isEmpty()) {
                long expected = all.stream().mapToLong(Long::longValue).max().orElseThrow();
                assertThat(newest.newest()).as("step %d, seed %d", i, seed).isEqualTo(expected);
            }
        }
    }
}
