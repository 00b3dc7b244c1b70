package dev.freshet.streams;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.lifecycle.ExitCode;
import dev.freshet.runtime.lifecycle.Stop;

/** Bad inputs, row 27: an instance whose id another one uses must not come back, or the two end each other for ever. */
class JobFailureTest {
    @Test
    void twoInstancesOfOneIdAreForAPersonToTellApart() {
        Stop stop = RunningJob.stop(new StreamsException(new FencedInstanceIdException("fenced")));
        assertThat(stop).hasMessageContaining("streams.instance.id");
        assertThat(ExitCode.of(stop)).isEqualTo(ExitCode.OPERATOR);
    }

    @Test
    void otherFailuresAreMendedByARestart() {
        assertThat(ExitCode.of(RunningJob.stop(new StreamsException("x")))).isEqualTo(ExitCode.TEMPORARY);
    }

    @Test
    void aReasonThatSaysWhatToDoIsKept() {
        Stop.Operator reason = new Stop.Operator("the log is gone", "Begin a new generation.");
        assertThat(RunningJob.stop(new StreamsException(reason))).isSameAs(reason);
    }
}
