package dev.freshet.serving.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.freshet.schemas.Numeric;

class WindowOrdersTest {
    private record Kept(long time, long amount, @Nullable Numeric other) {}

    private static Kept order(Random random, long time) {
        return switch (random.nextInt(10)) {
            case 0 -> new Kept(time, Order.NONE, null);
            case 1 -> new Kept(time, Order.OTHER, Numeric.NAN);
            case 2 ->
                new Kept(time, Order.OTHER, Numeric.of(BigDecimal.TEN.pow(40).add(BigDecimal.valueOf(time))));
            default -> new Kept(time, random.nextLong() >> 1, null);
        };
    }

    private static void assertOldest(WindowOrders orders, Kept kept) {
        assertThat(orders.oldestTime()).isEqualTo(kept.time());
        assertThat(orders.oldestAmount()).isEqualTo(kept.amount());
        if (kept.amount() == Order.OTHER) {
            assertThat(orders.oldestOther()).isEqualTo(kept.other());
        }
    }

    /** Wherever in its arrays the oldest stands when they are full; the further, the more leave between. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 40, 49, 50})
    void ordersLeaveAsTheyCame(int percentLeaving) {
        long seed = Long.getLong("freshet.seed", new Random().nextLong());
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        WindowOrders orders = new WindowOrders(true);
        Deque<Kept> model = new ArrayDeque<>();
        for (int user = 0; user < 2; user++) {
            for (int time = 0; time < 20_000; time++) {
                if (random.nextInt(100) < percentLeaving && !model.isEmpty()) {
                    assertOldest(orders, model.removeFirst());
                    orders.removeOldest();
                } else {
                    Kept kept = order(random, time);
                    orders.add(kept.time(), kept.amount(), kept.other());
                    model.addLast(kept);
                }
                assertThat(orders.isEmpty()).isEqualTo(model.isEmpty());
            }
            for (int i = model.size() / 2; i > 0; i--) {
                assertOldest(orders, model.removeFirst());
                orders.removeOldest();
            }
            orders.clear();
            model.clear();
            assertThat(orders.isEmpty()).isTrue();
        }
    }

    @Test
    void withoutAmountsTimesAreKept() {
        WindowOrders orders = new WindowOrders(false);
        for (int i = 0; i < 5_000; i++) {
            orders.add(i, Order.NONE, null);
        }
        for (int i = 0; i < 5_000; i++) {
            assertThat(orders.oldestTime()).isEqualTo(i);
            orders.removeOldest();
        }
        assertThat(orders.isEmpty()).isTrue();
    }
}
