package dev.freshet.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.freshet.cli.NothingThere;

class DoorsTest {
    @TempDir
    Path directory;

    private Path info(Map<String, Object> more) throws Exception {
        Path file = directory.resolve("info.json");
        NothingThere.writeInfo(file, more);
        return file;
    }

    @Test
    void anInfoFileIsOfTheProcessThatWroteIt() throws Exception {
        long own = ProcessHandle.current().pid();
        assertThat(Doors.isOfThisProcess(info(Map.of("pid", own)))).isTrue();
        assertThat(Doors.isOfThisProcess(info(Map.of("pid", own + 1)))).isFalse();
    }

    @Test
    void whatNoDemoWroteIsOfNone() throws Exception {
        assertThat(Doors.pid(directory.resolve("none.json"))).isEmpty();
        assertThat(Doors.pid(info(Map.of()))).isEmpty();
        assertThat(Doors.pid(Files.writeString(directory.resolve("text.json"), "[]")))
                .isEmpty();
    }
}
