package dev.freshet.serving.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShortageTest {
    @TempDir
    private Path directory;

    private WorkDirectory work;

    @BeforeEach
    void writeSomething() throws IOException {
        work = WorkDirectory.in(directory);
        Files.createDirectory(work.file("spilled"));
        Files.write(work.file("spilled/1"), new byte[1_500_000]);
        Files.write(work.file("labels"), new byte[72_864]);
    }

    @AfterEach
    void deleteIt() {
        work.close();
    }

    /** DuckDB's words of version 1.4. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "IO Error: Could not write file \"x\": No space left on device|is full",
                "TransactionContext Error: Failed to commit: Could not write file \"x\": No space left on device|is full",
                "IO Error: Could not write file \"x\": Disk quota exceeded|is full",
                "Out of Memory Error: failed to offload data block of size 256.0 KiB (9.9 GiB/9.9 GiB used)."
                        + " This limit was set by the 'max_temp_directory_size' setting.|is full",
                "IO Error: Could not write file \"x\": File too large|nothing more can be written to",
                "IO Error: Could not write file \"x\": kein Speicherplatz|nothing more can be written to",
                "Out of Memory Error: failed to allocate data of size 16.0 MiB (510.0 MiB/512.0 MiB used)|more memory than there is"
            })
    void whatDuckDbLacksIsAReasonToStop(String message, String reason) {
        SQLException failure = new SQLException(message);

        assertThat(Shortage.isOne(failure)).isTrue();
        assertThat(Shortage.of(failure, work).orElseThrow())
                .hasMessageContaining(reason)
                .hasMessageContaining("Nothing of it is left");
    }

    @Test
    void theDirectoryAndWhatWasInItAreTold() {
        assertThat(Shortage.of(new IOException("No space left on device"), work).orElseThrow())
                .hasMessageStartingWith(
                        "the disk of " + directory + " is full, with 1.5 MiB of the export on it: No space");
    }

    @Test
    void whatDuckDbDeletesAsItIsClosedIsTold() throws IOException {
        try (WorkDirectory.Writing writing = work.writing()) {
            assertThat(writing).isNotNull();
        }
        Files.delete(work.file("spilled/1"));

        assertThat(work.most()).isEqualTo(1_572_864);
    }

    @Test
    void aDiskOfPostgresIsNotTheOutputs() {
        SQLException failure = new SQLException("could not write to file: No space left on device", "53100");

        assertThat(Shortage.isOne(failure)).isFalse();
        assertThat(Shortage.of(failure, work)).isEmpty();
    }

    @Test
    void anotherFailureIsNoShortage() {
        assertThat(Shortage.of(new SQLException("Invalid Input Error: No magic bytes found"), work))
                .isEmpty();
    }
}
