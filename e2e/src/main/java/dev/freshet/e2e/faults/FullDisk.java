package dev.freshet.e2e.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

import dev.freshet.e2e.bed.Bed;
import dev.freshet.testkit.servers.PostgresServer;

/** The disk with the data of PostgreSQL, source and target in one, is full: for that they move to a tmpfs, and back. */
final class FullDisk {
    private static final String TMPFS = "size=2g,mode=0700";
    private static final int PIECE = 1 << 20;
    private static final Duration FULL = Duration.ofSeconds(10);
    private static final Duration START = Duration.ofMinutes(2);

    private FullDisk() {}

    static Stream<Fault> all() {
        return Stream.of(new Fault(
                "full-postgres",
                "the disk with PostgreSQL's data (a tmpfs) is full for a while",
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
            Files.delete(data);
            Files.move(disk, data);
            postgres.start();
            throw e;
        }
        Tools.run("chown", "--reference=" + disk, data.toString());
        Tools.run("cp", "-a", disk + "/.", data.toString());
        postgres.start();
        bed.awaitReady(START);
        Path filler = data.resolve("filler");
        try {
            write(filler);
            bed.time().pause(FULL);
        } finally {
            Files.deleteIfExists(filler);
        }
        return Strike.until(() -> {
            postgres.start(); // it may have given up
            bed.awaitReady(START);
            postgres.stop();
            Tools.run("rm", "-r", disk.toString());
            Tools.run("cp", "-a", data.toString(), disk.toString());
            Tools.run("umount", data.toString());
            Files.delete(data);
            Files.move(disk, data);
            postgres.start();
        });
    }

    private static void write(Path filler) throws IOException {
        byte[] piece = new byte[PIECE];
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (true) {
                out.write(piece);
            }
        } catch (IOException e) {
            return; // it is full
        }
    }
}
