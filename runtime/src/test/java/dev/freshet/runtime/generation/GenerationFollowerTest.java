package dev.freshet.runtime.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.time.Time;

class GenerationFollowerTest {
    private final ConcurrentLinkedQueue<String> done = new ConcurrentLinkedQueue<>();
    private volatile GenerationFollower.Register register = List::of;
    private final GenerationFollower follower =
            new GenerationFollower("test", () -> register.active(), this::start, Duration.ofMillis(1), Time.system());

    @AfterEach
    void close() {
        follower.close();
    }

    @Test
    void aPartRunsForAsLongAsItsGenerationIsActive() {
        follower.start();
        register = () -> List.of(generation(1), generation(2));
        awaitDone("start 1", "start 2");
        register = () -> List.of(generation(2), generation(3));
        awaitDone("start 1", "start 2", "abandon 1", "start 3");
        follower.close();
        assertThat(done).contains("close 2", "close 3").doesNotContain("close 1");
        assertThat(follower.ended()).isCompleted();
    }

    @Test
    void aFailedPartEndsTheOthersWithItsReason() {
        register = () -> List.of(generation(1));
        follower.start();
        awaitDone("start 1");
        IllegalStateException reason = new IllegalStateException("broken");
        follower.fail(reason);
        awaitDone("start 1", "close 1");
        assertThat(follower.ended().toCompletableFuture())
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableOfType(java.util.concurrent.ExecutionException.class)
                .withCause(reason);
    }

    @Test
    void aPartThatOnlyAPersonCanMendIsLeftAloneWhileANewerGenerationIsBuilt() {
        Generation live = generation(1, GenerationState.LIVE);
        register = () -> List.of(live, generation(2));
        follower.start();
        awaitDone("start 1", "start 2");
        Stop.Operator reason = new Stop.Operator("its topic is gone", "Build another");
        follower.fail(live, reason);
        awaitDone("start 1", "start 2", "abandon 1");
        register = () ->
                List.of(generation(1, GenerationState.STANDBY), generation(2, GenerationState.LIVE), generation(3));
        awaitDone("start 1", "start 2", "abandon 1", "start 3");
        assertThat(follower.isLeftAlone(1)).isTrue();
        assertThat(follower.isLeftAlone(2)).isFalse();
        assertThat(follower.ended().toCompletableFuture()).isNotDone();

        register = () -> List.of(live);
        assertEndsBecauseOf(reason);
    }

    @Test
    void aStandbyIsLeftAloneAndALiveOneIsNot() {
        Generation standby = generation(1, GenerationState.STANDBY);
        Generation live = generation(2, GenerationState.LIVE);
        register = () -> List.of(standby, live);
        follower.start();
        awaitDone("start 1", "start 2");
        Stop.Operator reason = new Stop.Operator("its topic is gone", "Build another");
        follower.fail(standby, reason);
        awaitDone("start 1", "start 2", "abandon 1");
        assertThat(follower.ended().toCompletableFuture()).isNotDone();
        follower.fail(live, reason);
        assertEndsBecauseOf(reason);
    }

    @Test
    void theLiveOneIsNotLeftAloneForAReplayThatOnlyAnOperatorTurnsTo() {
        Generation live = generation(1, GenerationState.LIVE);
        register = () -> List.of(live, replay(2));
        follower.start();
        awaitDone("start 1", "start 2");
        Stop.Operator reason = new Stop.Operator("its topic is gone", "Build another");
        follower.fail(live, reason);
        assertEndsBecauseOf(reason);
    }

    @Test
    void aReplayThatOnlyAPersonCanMendIsLeftAloneUntilReadersAreTurnedToIt() {
        Generation live = generation(1, GenerationState.LIVE);
        register = () -> List.of(live, replay(2));
        follower.start();
        awaitDone("start 1", "start 2");
        Stop.Operator reason = new Stop.Operator("its topic is gone", "Build another");
        follower.fail(replay(2), reason);
        awaitDone("start 1", "start 2", "abandon 2");
        assertThat(follower.isLeftAlone(2)).isTrue();
        assertThat(follower.ended().toCompletableFuture()).isNotDone();

        register = () -> List.of(generation(1, GenerationState.STANDBY), generation(2, GenerationState.LIVE));
        assertEndsBecauseOf(reason);
    }

    @Test
    void whatIsBuiltToTakeThePlaceOfTheLiveOneIsNotLeftAlone() {
        Generation built = generation(2);
        register = () -> List.of(generation(1, GenerationState.LIVE), built);
        follower.start();
        awaitDone("start 1", "start 2");
        Stop.Operator reason = new Stop.Operator("its topic is gone", "Build another");
        follower.fail(built, reason);
        assertEndsBecauseOf(reason);
    }

    @Test
    void whereAnotherProcessHasTakenItsPlaceNoGenerationIsToBlame() {
        register = () -> List.of(generation(1, GenerationState.LIVE), replay(2));
        follower.start();
        awaitDone("start 1", "start 2");
        Stop.Operator reason = new Stop.Operator(
                "another one runs under the same id",
                "Give each an id of its own",
                new IllegalStateException(new FencedInstanceIdException("fenced")));
        follower.fail(replay(2), reason);
        assertEndsBecauseOf(reason);
        assertThat(follower.isLeftAlone(2)).isFalse();
    }

    private void assertEndsBecauseOf(Throwable reason) {
        await().atMost(Duration.ofSeconds(10)).until(follower.ended().toCompletableFuture()::isCompletedExceptionally);
        assertThat(follower.ended().toCompletableFuture())
                .failsWithin(Duration.ZERO)
                .withThrowableOfType(java.util.concurrent.ExecutionException.class)
                .withCause(reason);
    }

    @Test
    void anErrorEndsItToo() {
        Error error = new NoClassDefFoundError("missing");
        GenerationFollower failing = new GenerationFollower(
                "test",
                () -> List.of(generation(1), generation(2)),
                generation -> {
                    if (generation.number() == 2) {
                        throw error;
                    }
                    return start(generation);
                },
                Duration.ofMillis(1),
                Time.system());
        failing.start();
        assertThat(failing.ended().toCompletableFuture())
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableOfType(java.util.concurrent.ExecutionException.class)
                .withCause(error);
        awaitDone("start 1", "close 1");
    }

    @Test
    void aPartThatCannotBeClosedKeepsNoOtherOpen() {
        register = () -> List.of(generation(-1), generation(2));
        follower.start();
        awaitDone("start -1", "start 2");
        follower.close();
        assertThat(done).contains("close 2");
    }

    @Test
    void aRegisterThatIsAwayIsWaitedForAndThePartsGoOn() throws InterruptedException {
        register = () -> List.of(generation(1));
        follower.start();
        awaitDone("start 1");
        CountDownLatch asked = new CountDownLatch(2);
        register = () -> {
            asked.countDown();
            throw new SQLException("the server is away", "08006");
        };
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
        register = () -> List.of(generation(1), generation(2));
        awaitDone("start 1", "start 2");
    }

    private void awaitDone(String... expected) {
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(done).containsExactly(expected));
    }

    private GenerationFollower.Part start(Generation generation) {
        done.add("start " + generation.number());
        return new GenerationFollower.Part() {
            @Override
            public void close() {
                done.add("close " + generation.number());
                if (generation.number() < 0) {
                    throw new IllegalStateException("cannot close");
                }
            }

            @Override
            public void abandon() {
                done.add("abandon " + generation.number());
            }
        };
    }

    private static Generation generation(int number) {
        return generation(number, GenerationState.BUILDING);
    }

    private static Generation replay(int number) {
        return new Generation(number, GenerationState.BUILDING, 0, new Generation.Log(1, 1, "test"), false, "");
    }

    private static Generation generation(int number, GenerationState state) {
        return new Generation(number, state, 0, new Generation.Log(number, 1, "test"), true, "");
    }
}
