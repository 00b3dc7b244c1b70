package dev.freshet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.time.Time;

class ProgressLineTest {
    private static final String ERASED = "\r\033[2K";

    private final StringWriter out = new StringWriter();
    private final SetTime time = new SetTime();

    private static final class SetTime implements Time {
        private long nanos = 1_000_000_000_000L;

        @Override
        public Instant now() {
            throw new AssertionError("a wall clock may step");
        }

        @Override
        public long nanoTime() {
            return nanos;
        }

        @Override
        public void pause(Duration duration) {
            throw new AssertionError("it would hold up what it tells of");
        }
    }

    private ProgressLine line(boolean terminal) {
        return new ProgressLine(new PrintWriter(out), "users compared", terminal, time);
    }

    /** Is told every 10 ms how far it is, for so long: a thousand a second of twenty thousand. */
    private void run(ProgressLine line, Duration length) {
        for (int done = 0; done <= length.toMillis(); done += 10) {
            line.at(done, 20_000);
            time.nanos += Duration.ofMillis(10).toNanos();
        }
    }

    @Test
    void onATerminalOneLineIsDrawnOver() {
        run(line(true), Duration.ofSeconds(10));
        assertThat(out.toString())
                .doesNotContain("\n")
                .startsWith(ERASED)
                .endsWith(ERASED
                        + "[############............]  50%  10,000 of about 20,000 users compared, 1,000/s, 10s left");
        assertThat(out.toString().split("\r", -1)).as("ten a second").hasSize(101);
    }

    @Test
    void whatWasDrawnIsErasedAtTheEnd() {
        ProgressLine line = line(true);
        run(line, Duration.ofSeconds(1));
        line.end();
        assertThat(out.toString()).endsWith(" left" + ERASED);
    }

    @Test
    void elsewhereItIsALineEveryFiveSeconds() {
        ProgressLine line = line(false);
        run(line, Duration.ofSeconds(14));
        line.end();
        assertThat(out.toString().lines())
                .containsExactly(
                        "5,000 of about 20,000 users compared, 1,000/s, 15s left",
                        "10,000 of about 20,000 users compared, 1,000/s, 10s left");
    }

    @Test
    void ofWhatIsDoneAtOnceNothingIsTold() {
        for (boolean terminal : new boolean[] {true, false}) {
            ProgressLine line = line(terminal);
            line.at(0, 0);
            line.at(5, 5);
            line.end();
        }
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void whereNobodyKnowsTheTotalThereIsNoBarAndNoTimeLeft() {
        for (boolean terminal : new boolean[] {true, false}) {
            ProgressLine line = line(terminal);
            time.nanos += Duration.ofSeconds(5).toNanos();
            line.at(10_000, -1);
        }
        assertThat(out.toString())
                .isEqualTo(ERASED + "10,000 users compared, 2,000/s10,000 users compared, 2,000/s"
                        + System.lineSeparator());
    }

    /** The rate still has in it what was waited for: hours would be told, and end in seconds. */
    @Test
    void untilAHundredthIsDoneNothingIsSaidOfWhatIsLeft() {
        ProgressLine line = line(false);
        time.nanos += Duration.ofSeconds(5).toNanos();
        line.at(199, 20_000);
        time.nanos += Duration.ofSeconds(5).toNanos();
        line.at(200, 20_000);
        assertThat(out.toString().lines())
                .containsExactly(
                        "199 of about 20,000 users compared, 40/s",
                        "200 of about 20,000 users compared, 20/s, 16m30s left");
    }

    @Test
    void whereNothingIsDoneYetNoTimeIsPromised() {
        ProgressLine line = line(true);
        time.nanos += Duration.ofSeconds(1).toNanos();
        line.at(0, 0);
        assertThat(out.toString())
                .isEqualTo(ERASED + "[........................]   0%  0 of about 0 users compared, 0/s");
    }
}
