package dev.freshet.serving.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.time.Time;
import dev.freshet.serving.lookup.LookupException.Reason;
import dev.freshet.serving.lookup.LsnWaits.Outcome;

class LsnWaitsTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private final AtomicLong lsn = new AtomicLong();
    private final AtomicInteger asked = new AtomicInteger();
    private final List<Outcome> outcomes = new CopyOnWriteArrayList<>();
    private final LsnWaits waits = new LsnWaits(this::ask, 3, Time.system());

    private Optional<CompleteThrough> ask() throws LookupException {
        asked.incrementAndGet();
        if (lsn.get() < 0) {
            throw new LookupException(Reason.UNREACHABLE, "away");
        }
        return Optional.of(new CompleteThrough(1, lsn.get(), Instant.EPOCH));
    }

    @AfterEach
    void close() {
        waits.close();
    }

    @Test
    void eachGoesOnWhenItsPositionIsReached() {
        waits.start(Runnable::run);
        waits.add(10, LONG, outcomes::add);
        waits.add(20, LONG, outcomes::add);
        lsn.set(10);
        await("the first").until(() -> outcomes.size() == 1);
        assertThat(waits.count()).isOne();
        lsn.set(30);
        await("the second").until(() -> outcomes.size() == 2);
        assertThat(outcomes).containsOnly(new Outcome(true, null));
    }

    @Test
    void whoIsOutOfTimeIsTold() {
        waits.start(Runnable::run);
        waits.add(10, Duration.ofMillis(20), outcomes::add);
        await("it is over").until(() -> outcomes.size() == 1);
        assertThat(outcomes).containsExactly(new Outcome(false, null));
    }

    @Test
    void whoIsOutOfTimeWhileTheTargetIsAwayIsToldWhy() {
        lsn.set(-1);
        waits.start(Runnable::run);
        waits.add(10, Duration.ofMillis(20), outcomes::add);
        await("it is over").until(() -> outcomes.size() == 1);
        assertThat(outcomes.get(0).failure()).hasMessage("away");
    }

    @Test
    void noMoreWaitThanMay() {
        for (int i = 0; i < 3; i++) {
            assertThat(waits.add(10, LONG, outcomes::add)).isTrue();
        }
        assertThat(waits.add(10, LONG, outcomes::add)).isFalse();
    }

    @Test
    void nobodyIsAskedWhileNobodyWaits() {
        waits.start(Runnable::run);
        waits.add(10, LONG, outcomes::add);
        lsn.set(10);
        await("it is over").until(() -> outcomes.size() == 1);
        int before = asked.get();
        await("it is quiet").during(Duration.ofMillis(200)).until(() -> asked.get() <= before + 1);
    }

    @Test
    void whoStillWaitsAtTheEndIsTold() {
        waits.start(Runnable::run);
        waits.add(10, LONG, outcomes::add);
        waits.close();
        assertThat(outcomes).hasSize(1);
        assertThat(outcomes.get(0).reached()).isFalse();
        assertThat(outcomes.get(0).failure()).hasMessageContaining("about to end");
        assertThat(waits.add(10, LONG, outcomes::add)).isFalse();
    }
}
