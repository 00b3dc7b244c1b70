package dev.freshet.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.freshet.runtime.lifecycle.Stop;

class LocalStateTest {
    @TempDir
    Path directory;

    private final AtomicInteger removals = new AtomicInteger();

    private int removalsAt(long newest) {
        new LocalState(directory.resolve("state"), "job").forgetIfOlderThan(newest, removals::incrementAndGet);
        return removals.get();
    }

    @Test
    void eachErasureIsHeardOfOnce() {
        assertThat(removalsAt(0)).isZero();
        assertThat(removalsAt(3)).isEqualTo(1);
        assertThat(removalsAt(3)).isEqualTo(1);
        assertThat(removalsAt(4)).isEqualTo(2);
    }

    @Test
    void whatWasFoundToBeLostIsRefusedAtEachStart() {
        LocalState local = new LocalState(directory.resolve("state"), "job");
        assertThatCode(local::requireKept).doesNotThrowAnyException();
        assertThat(local.lost("all is lost")).hasMessageContaining("all is lost");
        assertThatThrownBy(() -> new LocalState(directory.resolve("state"), "job").requireKept())
                .isInstanceOf(Stop.Operator.class)
                .hasMessageContainingAll("all is lost", "--from-source");
        assertThatCode(() -> new LocalState(directory.resolve("state"), "other").requireKept())
                .doesNotThrowAnyException();
    }

    @Test
    void whatCouldNotBeReadIsRemovedAtTheNextStartAndKeptAtTheOnesBehindIt() {
        Path state = directory.resolve("state");
        Stop stop = new LocalState(state, "job").corrupt(new IllegalStateException("bad block"));
        assertThat(stop).isInstanceOf(Stop.Restart.class);
        for (int start = 0; start < 2; start++) {
            new LocalState(state, "other").forgetIfCorrupt(removals::incrementAndGet);
            new LocalState(state, "job").forgetIfCorrupt(removals::incrementAndGet);
        }
        assertThat(removals).hasValue(1);
    }

    @Test
    void aNoteThatWasNotWrittenWholeIsNone() throws Exception {
        removalsAt(3);
        Files.writeString(directory.resolve("state").resolve("job.erasure"), "");
        assertThat(removalsAt(3)).isEqualTo(2);
    }
}
