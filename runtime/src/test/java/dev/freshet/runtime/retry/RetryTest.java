package dev.freshet.runtime.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RetryTest {
    private static final Backoff WITHOUT_CHANCE = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1), 0);

    private final FakeTime time = new FakeTime();
    private final AtomicInteger attempts = new AtomicInteger();

    @Test
    void waitsTwiceAsLongEachTimeUpToTheMaximumUntilItSucceeds() throws Exception {
        assertThat(retry().call(() -> succeedAfter(6))).isEqualTo("done");
        assertThat(time.pauses).extracting(Duration::toMillis).containsExactly(100L, 200L, 400L, 800L, 1_000L, 1_000L);
    }

    @Test
    void throwsAtOnceWhatDoesNotPassByItself() {
        Retry retry = Retry.forever("it", WITHOUT_CHANCE, e -> !(e instanceof FileNotFoundException), time);
        assertThatThrownBy(() -> retry.run(() -> {
                    attempts.incrementAndGet();
                    throw new FileNotFoundException("gone");
                }))
                .isInstanceOf(FileNotFoundException.class);
        assertThat(attempts).hasValue(1);
        assertThat(time.pauses).isEmpty();
    }

    @Test
    void throwsTheLastFailureBeforeItsTimeIsOver() {
        assertThatThrownBy(() -> retry().within(Duration.ofSeconds(1)).call(() -> succeedAfter(6)))
                .isInstanceOf(IOException.class)
                .hasMessage("attempt 4");
        assertThat(time.nanoTime()).isLessThanOrEqualTo(Duration.ofSeconds(1).toNanos());
    }

    @Test
    void anInterruptEndsIt() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> retry().call(() -> succeedAfter(6))).isInstanceOf(InterruptedException.class);
        assertThat(attempts).hasValue(1);
    }

    @Test
    void chanceShortensAWaitByNoMoreThanItsShare() {
        Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10), 0.5);
        Random random = new Random(7);
        for (int i = 0; i < 1_000; i++) {
            assertThat(backoff.after(3, random)).isBetween(Duration.ofMillis(200), Duration.ofMillis(400));
        }
        assertThat(backoff.after(Integer.MAX_VALUE, random)).isLessThanOrEqualTo(Duration.ofSeconds(10));
    }

    private Retry retry() {
        return Retry.forever("it", WITHOUT_CHANCE, IOException.class::isInstance, time);
    }

    private String succeedAfter(int failures) throws IOException {
        if (attempts.incrementAndGet() <= failures) {
            throw new IOException("attempt " + attempts);
        }
        return "done";
    }
}
