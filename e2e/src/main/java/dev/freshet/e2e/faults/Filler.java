package dev.freshet.e2e.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that takes all of a disk. */
final class Filler {
    private static final int PIECE = 1 << 16;

    private Filler() {}

    /** @throws IOException if it cannot be begun */
    static void fill(Path filler) throws IOException {
        byte[] piece = new byte[PIECE];
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (hasTaken(out, piece)) {
                // until the disk is full
            }
        }
    }

    private static boolean hasTaken(OutputStream out, byte[] piece) {
        try {
            out.write(piece);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
