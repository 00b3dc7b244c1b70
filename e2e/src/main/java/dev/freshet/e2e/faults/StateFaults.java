package dev.freshet.e2e.faults;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

import dev.freshet.e2e.bed.Bed;
import dev.freshet.e2e.bed.Instance;
import dev.freshet.e2e.bed.Part;

/** What becomes of the disk on which streams keeps its state: nothing of it may ever be believed that is not right. */
final class StateFaults {
    private static final int CORRUPTED_BYTES = 64;
    private static final String TMPFS = "size=48m";
    private static final Duration FULL = Duration.ofSeconds(15);
    private static final Duration START = Duration.ofMinutes(2);

    private StateFaults() {}

    static Stream<Fault> all() {
        return Stream.of(
                new Fault(
                        "corrupt-state",
                        "bytes in the files of streams' state are other ones when it starts again after an orderly end",
                        StateFaults::corrupt),
                new Fault(
                        "full-state",
                        "the disk with streams' state (a small tmpfs: needs root) is full for a while",
                        (bed, random) -> fill(bed)));
    }

    private static Strike corrupt(Bed bed, SplittableRandom random) throws Exception {
        Instance streams = bed.first(Part.STREAMS);
        streams.stop();
        int corrupted = 0;
        try {
            for (Path table : tables(streams)) {
                overwrite(table, random);
                corrupted++;
            }
        } finally {
            streams.start();
        }
        if (corrupted == 0) {
            throw new MissedException("there were no files yet");
        }
        return Strike.passing();
    }

    private static List<Path> tables(Instance streams) throws IOException {
        try (Stream<Path> files = Files.walk(streams.stateDirectory())) {
            return files.filter(file -> file.toString().endsWith(".sst")).toList();
        }
    }

    private static void overwrite(Path table, SplittableRandom random) throws IOException {
        byte[] other = new byte[CORRUPTED_BYTES];
        random.nextBytes(other);
        try (RandomAccessFile file = new RandomAccessFile(table.toFile(), "rw")) {
            file.seek(random.nextLong(Math.max(1, file.length() - other.length)));
            file.write(other);
        }
    }

    private static Strike fill(Bed bed) throws Exception {
        Instance streams = bed.first(Part.STREAMS);
        Path directory = streams.stateDirectory();
        Path filler = directory.resolve("filler");
        whileStopped(streams, () -> {
            streams.deleteState();
            Files.createDirectories(directory);
            Tools.run("mount", "-t", "tmpfs", "-o", TMPFS, "tmpfs", directory.toString());
        });
        Strike.Healing unmount = () ->
                whileStopped(streams, () -> Tools.run("umount", directory.toString())); // what is below it is empty
        try {
            bed.awaitReady(START);
            Filler.fill(filler);
            bed.time().pause(FULL);
            Files.delete(filler);
        } catch (Exception e) {
            unmount.heal();
            throw e;
        }
        return Strike.until(() -> {
            bed.awaitReady(START); // it has to come back on this disk
            unmount.heal();
        });
    }

    private interface Change {
        void run() throws Exception;
    }

    private static void whileStopped(Instance streams, Change change) throws Exception {
        streams.stop();
        try {
            change.run();
        } finally {
            streams.start();
        }
    }
}
