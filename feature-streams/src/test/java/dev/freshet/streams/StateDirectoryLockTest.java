package dev.freshet.streams;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.schemas.Names;

class StateDirectoryLockTest {
    private static final Names NAMES = new Names("shop");

    @TempDir
    Path directory;

    @Test
    void isForOneAtATime() {
        Path state = directory.resolve("not/there/yet");
        StateDirectoryLock first = StateDirectoryLock.take(state, NAMES);
        assertThatThrownBy(() -> StateDirectoryLock.take(state, NAMES))
                .isInstanceOf(Stop.Operator.class)
                .hasMessageContaining(state.toString())
                .hasMessageContaining("streams.instance.id");
        assertThatThrownBy(() -> StateDirectoryLock.take(state.resolve("../yet"), NAMES))
                .as("by another name")
                .isInstanceOf(Stop.Operator.class);
        first.close();
        assertThatCode(() -> StateDirectoryLock.take(state, NAMES).close()).doesNotThrowAnyException();
    }

    @Test
    void deploymentsOfOtherNamesHaveTheirOwn() {
        StateDirectoryLock first = StateDirectoryLock.take(directory, NAMES);
        assertThatCode(() ->
                        StateDirectoryLock.take(directory, new Names("other")).close())
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> StateDirectoryLock.take(directory, NAMES)).isInstanceOf(Stop.Operator.class);
        first.close();
    }

    @Test
    void aPlaceThatIsNoDirectoryIsNamed() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        assertThatThrownBy(() -> StateDirectoryLock.take(file, NAMES))
                .isInstanceOf(Stop.Operator.class)
                .hasMessageContaining("streams.state.dir " + file);
    }
}
