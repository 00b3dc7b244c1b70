package dev.freshet.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.GenerationState;
import dev.freshet.runtime.generation.StateCopy;
import dev.freshet.runtime.lifecycle.ExitCode;
import dev.freshet.runtime.lifecycle.Stop;

/** Bad inputs, row 27: an instance whose id another one uses must not come back, or the two end each other for ever. */
class JobFailureTest {
    @TempDir
    Path state;

    private Stop stop(Throwable failure) {
        return RunningJob.stop(failure, new LocalState(state, "job"));
    }

    @Test
    void twoInstancesOfOneIdAreForAPersonToTellApart() {
        Stop stop = stop(new StreamsException(new FencedInstanceIdException("fenced")));
        assertThat(stop).hasMessageContaining("streams.instance.id");
        assertThat(ExitCode.of(stop)).isEqualTo(ExitCode.OPERATOR);
    }

    @Test
    void otherFailuresAreMendedByARestart() {
        assertThat(ExitCode.of(stop(new StreamsException("x")))).isEqualTo(ExitCode.TEMPORARY);
    }

    /** Only what its bytes are is mended by other ones: a full disk would be filled again. */
    @Test
    void aStateThatCannotBeReadIsRemovedAtTheNextStart() {
        Path note = state.resolve("job.corrupt");
        stop(rocks(Status.Code.IOError));
        assertThat(note).doesNotExist();
        assertThat(ExitCode.of(stop(rocks(Status.Code.Corruption)))).isEqualTo(ExitCode.TEMPORARY);
        assertThat(note).exists();
    }

    private static StreamsException rocks(Status.Code code) {
        return new ProcessorStateException("x", new RocksDBException(new Status(code, Status.SubCode.None, "x")));
    }

    @Test
    void whatKafkaRefusesIsForAPersonToMend() {
        for (KafkaException refusal : List.of(
                new SaslAuthenticationException("invalid credentials"),
                new TopicAuthorizationException(Set.of("shop.features.g1")),
                new InvalidReplicationFactorException("larger than available brokers"),
                new PolicyViolationException("no"))) {
            Stop stop = stop(new StreamsException("task 0_1", new KafkaException("send failed", refusal)));
            assertThat(ExitCode.of(stop)).as(refusal.toString()).isEqualTo(ExitCode.OPERATOR);
            assertThat(stop).hasMessageContaining(refusal.getMessage());
        }
    }

    /** Abandoning one of several generations is no reason to end them all. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void oneThatDoesNotCloseInTimeKeepsItsState(boolean closes) {
        List<String> done = new ArrayList<>();
        StreamsConfig config = new StreamsConfig(
                Map.of("application.id", "test", "bootstrap.servers", "127.0.0.1:1", "state.dir", state.toString()));
        try (KafkaStreams streams = new KafkaStreams(new Topology().addSource("source", "changes"), config) {
            @Override
            public boolean close(org.apache.kafka.streams.CloseOptions options) {
                return closes;
            }

            @Override
            public void cleanUp() {
                done.add("clean up");
                if (!closes) {
                    throw new IllegalStateException("Cannot clean up while running.");
                }
                throw new StreamsException("cannot delete");
            }
        }) {
            Generation generation =
                    new Generation(1, GenerationState.BUILDING, 0, new Generation.Log(1, 1, "test"), true, "");
            JobCopies copies = JobCopies.of(
                    new StateCopy.Job(1, "one", "first", 0), "job", Path.of("none"), new LocalState(state, "job"));
            new RunningJob(generation, streams, new StreamsMonitor(), copies).abandon();
        }
        assertThat(done).hasSize(closes ? 1 : 0);
    }

    @Test
    void aReasonThatSaysWhatToDoIsKept() {
        Stop.Operator reason = new Stop.Operator("the log is gone", "Begin a new generation.");
        assertThat(stop(new StreamsException(reason))).isSameAs(reason);
    }
}
