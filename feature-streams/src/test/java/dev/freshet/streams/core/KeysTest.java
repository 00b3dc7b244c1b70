package dev.freshet.streams.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

import dev.freshet.schemas.Id;

class KeysTest {

    @Test
    void instantsSortByUserThenSinceThenTimeThenOrder() {
        List<byte[]> rising = new ArrayList<>();
        for (Id user : List.of(Id.of(-1), Id.of(0), Id.of(256), Id.of("a"), Id.of("a1"), Id.of("b"))) {
            for (long since : new long[] {0, 255, 256, 1L << 40}) {
                for (long createdAt : new long[] {Long.MIN_VALUE, -1, 0, 1, 1_780_000_000_000_000L}) {
                    for (Id order : List.of(Id.of(-5), Id.of(5), Id.of("x"))) {
                        rising.add(Keys.instant(user, since, createdAt, order));
                    }
                }
            }
        }

        assertThat(rising).isSortedAccordingTo(Arrays::compareUnsigned).doesNotHaveDuplicates();
        assertThat(rising).allMatch(key -> isIn(key, Keys.FIRST, Keys.END));
    }

    @Test
    void aUsersRangeHoldsAllOfItsInstantsAndNoOthers() {
        byte[] from = Keys.instant(Id.of(7), 3, -10);
        byte[] to = Keys.afterInstants(Id.of(7), 3);

        assertThat(isIn(Keys.instant(Id.of(7), 3, -10, Id.of(Long.MIN_VALUE)), from, to))
                .isTrue();
        assertThat(isIn(Keys.instant(Id.of(7), 3, Long.MAX_VALUE, Id.of("z")), from, to))
                .isTrue();
        assertThat(isIn(Keys.instant(Id.of(7), 3, -11, Id.of("z")), from, to)).isFalse();
        assertThat(isIn(Keys.instant(Id.of(7), 4, 0, Id.of(1)), from, to)).isFalse();
        assertThat(isIn(Keys.instant(Id.of(8), 3, 0, Id.of(1)), from, to)).isFalse();
    }

    @Test
    void whatAKeySaysIsReadBack() {
        byte[] key = Keys.instant(Id.of("user"), 77, -3, Id.of(9));

        assertThat(Keys.readInstant(key)).isEqualTo(new Keys.Instant(-3, Id.of(9)));
        assertThat(Keys.since(key)).isEqualTo(77);
        assertThat(Keys.since(Keys.order(Id.of(1), 78, Id.of(2)))).isEqualTo(78);
    }

    @Test
    void nothingIsBetweenAKeyAndTheOneAfter() {
        byte[] key = Keys.user(Id.of(1));

        assertThat(Arrays.compareUnsigned(Keys.after(key), key)).isPositive();
        assertThat(Keys.after(key)).startsWith(key).endsWith(0).hasSize(key.length + 1);
    }

    private static boolean isIn(byte[] key, byte[] from, byte[] to) {
        return Arrays.compareUnsigned(from, key) <= 0 && Arrays.compareUnsigned(key, to) < 0;
    }
}
