package dev.freshet.streams;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.freshet.runtime.lifecycle.Stop;

class StateDirectoryLockTest {
    @TempDir
    Path directory;

    @Test
    void isForOneAtATime() {
        Path state = directory.resolve("not/there/yet");
        StateDirectoryLock first = StateDirectoryLock.take(state);
        assertThatThrownBy(() -> StateDirectoryLock.take(state))
                .isInstanceOf(Stop.Operator.class)
                .hasMessageContaining(state.toString())
                .hasMessageContaining("streams.instance.id");
        assertThatThrownBy(() -> StateDirectoryLock.take(state.resolve("../yet")))
                .as("by another name")
                .isInstanceOf(Stop.Operator.class);
        first.close();
        assertThatCode(() -> StateDirectoryLock.take(state).close()).doesNotThrowAnyException();
    }

    @Test
    void aPlaceThatIsNoDirectoryIsNamed() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        assertThatThrownBy(() -> StateDirectoryLock.take(file))
                .isInstanceOf(Stop.Operator.class)
                .hasMessageContaining("streams.state.dir " + file);
    }
}
