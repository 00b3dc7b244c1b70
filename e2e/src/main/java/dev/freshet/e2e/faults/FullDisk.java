package dev.freshet.e2e.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

import dev.freshet.e2e.bed.Bed;
import dev.freshet.testkit.servers.PostgresServer;

/** The disk with the data of PostgreSQL, source and target in one, is full: for that they move to a tmpfs, and back. */
final class FullDisk {
    private static final String TMPFS = "size=2g,mode=0700";
    private static final Duration FULL = Duration.ofSeconds(10);
    private static final Duration START = Duration.ofMinutes(2);

    private FullDisk() {}

    static Stream<Fault> all() {
        return Stream.of(new Fault(
                "full-postgres",
                "the disk with PostgreSQL's data (a tmpfs: needs root) is full for a while",
                (bed, random) -> fill(bed)));
    }

    private static Strike fill(Bed bed) throws Exception {
        PostgresServer postgres = bed.servers().postgres();
        Path data = postgres.data();
        Path disk = data.resolveSibling("data.disk");
        postgres.stop();
        Files.move(data, disk);
        Files.createDirectory(data);
        try {
            Tools.run("mount", "-t", "tmpfs", "-o", TMPFS, "tmpfs", data.toString());
        } catch (MissedException e) {
            putBack(postgres, disk);
            throw e;
        }
        try {
            Tools.run("chown", "--reference=" + disk, data.toString());
            Tools.run("cp", "-a", disk + "/.", data.toString());
        } catch (MissedException e) {
            Tools.run("umount", data.toString());
            putBack(postgres, disk);
            throw e;
        }
        postgres.start();
        Strike.Healing healing = () -> {
            postgres.start(); // it may have given up
            bed.awaitReady(START);
            moveBack(postgres, disk);
        };
        try {
            fill(bed, data.resolve("filler"));
        } catch (Exception e) {
            moveBack(postgres, disk);
            throw e;
        }
        return Strike.until(healing);
    }

    /** @throws MissedException if PostgreSQL has not noticed, which may have had files left that it could write again */
    private static void fill(Bed bed, Path filler) throws Exception {
        long before = refusals(bed);
        try {
            Filler.fill(filler);
            bed.time().pause(FULL);
        } finally {
            Files.deleteIfExists(filler);
        }
        if (refusals(bed) == before) {
            throw new MissedException("PostgreSQL wrote nothing while its disk was full");
        }
    }

    private static long refusals(Bed bed) throws IOException {
        try (Stream<String> lines = Files.lines(bed.servers().postgres().log())) {
            return lines.filter(line -> line.contains("No space left on device"))
                    .count();
        }
    }

    private static void moveBack(PostgresServer postgres, Path disk) throws Exception {
        postgres.stop();
        Tools.run("rm", "-r", disk.toString());
        Tools.run("cp", "-a", postgres.data().toString(), disk.toString());
        Tools.run("umount", postgres.data().toString());
        putBack(postgres, disk);
    }

    private static void putBack(PostgresServer postgres, Path disk) throws IOException {
        Files.delete(postgres.data());
        Files.move(disk, postgres.data());
        postgres.start();
    }
}
