package dev.freshet.serving.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of the directories of others is deleted. */
class WorkDirectoryTest {
    @TempDir
    private Path directory;

    private Path left(Path parent, String... files) throws IOException {
        Path left = Files.createDirectories(parent.resolve(".freshet-export-123"));
        for (String file : files) {
            Files.createDirectories(left.resolve(file).getParent());
            Files.writeString(left.resolve(file), "x");
        }
        return left;
    }

    private void begin() {
        WorkDirectory.in(directory).close();
    }

    @Test
    void whatIsNotLockedWasLeft() throws Exception {
        Path left = left(directory, "lock", "labels", "spilled/1");

        begin();

        assertThat(left).doesNotExist();
    }

    /** As of an export that has only just made its directory. */
    @Test
    void whereThereIsNoLockNobodyKnows() throws Exception {
        Path left = left(directory, "labels");

        begin();

        assertThat(left.resolve("labels")).exists();
    }

    @Test
    void whatAnotherExportWorksWithStays() throws Exception {
        try (WorkDirectory other = WorkDirectory.in(directory)) {
            begin();
            begin();

            assertThat(other.path().resolve("lock")).exists();
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void linksAreNotFollowed(@TempDir Path elsewhere) throws Exception {
        Path precious = left(elsewhere, "lock", "precious");
        Files.createSymbolicLink(directory.resolve(".freshet-export-1"), precious);
        Path left = left(directory, "precious");
        Files.createSymbolicLink(left.resolve("lock"), precious.resolve("lock"));

        begin();

        assertThat(precious.resolve("precious")).exists();
        assertThat(left.resolve("precious")).exists();
    }

    @Test
    void aLinkInWhatWasLeftIsDeletedItself(@TempDir Path elsewhere) throws Exception {
        Path precious = Files.writeString(elsewhere.resolve("precious"), "x");
        Path left = left(directory, "lock");
        Files.createSymbolicLink(left.resolve("link"), elsewhere);

        begin();

        assertThat(left).doesNotExist();
        assertThat(precious).exists();
    }

    @Test
    void whatIsCalledOtherwiseStays() throws Exception {
        Path other = Files.createDirectories(directory.resolve("freshet-export-123"));
        Files.writeString(other.resolve("lock"), "x");

        begin();

        assertThat(other.resolve("lock")).exists();
    }
}
