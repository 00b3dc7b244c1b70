package dev.freshet.runtime.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.freshet.runtime.config.ConfigException;
import dev.freshet.runtime.config.Fault;

@Timeout(30)
class ServiceRunnerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final List<String> events = new CopyOnWriteArrayList<>();
    private final Fake first = new Fake("first", null);
    private final Fake second = new Fake("second", null);

    @Test
    void closesInReverseWhenAskedToStop() throws Exception {
        ServiceRunner runner = new ServiceRunner(List.of(first, second), PATIENCE);
        CompletableFuture<ExitCode> code = CompletableFuture.supplyAsync(runner::run);
        Awaitility.await("both started").until(() -> events.size() == 2);
        runner.stop();
        assertThat(code.get()).isEqualTo(ExitCode.OK);
        assertThat(events).containsExactly("start first", "start second", "close second", "close first");
    }

    @Test
    void aServiceThatIsDoneEndsTheRun() {
        second.ended.complete(null);
        assertThat(run(first, second)).isEqualTo(ExitCode.OK);
        assertThat(events).endsWith("close second", "close first");
    }

    @Test
    void theFailureOfOneClosesAllAndBecomesTheExitCode() {
        first.ended.completeExceptionally(new Stop.Operator("the slot is gone", "Begin a new generation."));
        assertThat(run(first, second)).isEqualTo(ExitCode.OPERATOR);
        assertThat(events).contains("close first").doesNotContain("start second");
    }

    @Test
    void whatCannotStartIsClosedAndSoIsWhatStartedBefore() {
        Fake broken = new Fake("broken", new Stop.Restart("the broker is away"));
        assertThat(run(first, broken, second)).isEqualTo(ExitCode.TEMPORARY);
        assertThat(events).containsExactly("start first", "start broken", "close broken", "close first");
    }

    @Test
    void aServiceThatDoesNotCloseIsWaitedForOnlySoLong() {
        CountDownLatch never = new CountDownLatch(1);
        Fake stuck = new Fake("stuck", null) {
            @Override
            public void close() {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        stuck.ended.complete(null);
        ServiceRunner runner = new ServiceRunner(List.of(stuck), Duration.ofMillis(50));
        assertThat(runner.run()).isEqualTo(ExitCode.OK);
        never.countDown();
    }

    @Test
    void aFailureToCloseKeepsNobodyElseOpen() {
        Fake broken = new Fake("broken", null) {
            @Override
            public void close() {
                throw new IllegalStateException("cannot close");
            }
        };
        broken.ended.complete(null);
        assertThat(run(first, broken)).isEqualTo(ExitCode.OK);
        assertThat(events).contains("close first");
    }

    @Test
    void theExitCodeSaysWhetherARestartCanHelp() {
        assertThat(ExitCode.of(new ConfigException(new Fault("a", null, "b")))).isEqualTo(ExitCode.USAGE);
        assertThat(ExitCode.of(new SQLException("", "57P01"))).isEqualTo(ExitCode.TEMPORARY);
        assertThat(ExitCode.of(new SQLException("", "42P01"))).isEqualTo(ExitCode.OPERATOR);
        assertThat(ExitCode.of(new TimeoutException())).isEqualTo(ExitCode.TEMPORARY);
        assertThat(ExitCode.of(new KafkaException("cannot ask for the end", new TimeoutException())))
                .isEqualTo(ExitCode.TEMPORARY);
        assertThat(ExitCode.of(new IllegalStateException())).isEqualTo(ExitCode.INTERNAL);
        assertThat(ExitCode.of(new CompletionException(new Stop.Restart("x")))).isEqualTo(ExitCode.TEMPORARY);
    }

    private static ExitCode run(Service... services) {
        return new ServiceRunner(List.of(services), PATIENCE).run();
    }

    private class Fake implements Service {
        final CompletableFuture<Void> ended = new CompletableFuture<>();
        private final String name;
        private final @Nullable RuntimeException failure;

        Fake(String name, @Nullable RuntimeException failure) {
            this.name = name;
            this.failure = failure;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void start() {
            events.add("start " + name);
            if (failure != null) {
                throw failure;
            }
        }

        @Override
        public CompletionStage<Void> ended() {
            return ended;
        }

        @Override
        public void close() {
            events.add("close " + name);
        }
    }
}
