package dev.freshet.testkit.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/** A random password in a file of mode 0600. */
final class PostgresPassword {
    private static final int RANDOM_BYTES = 18;

    private final Path file;

    PostgresPassword(Path file) {
        this.file = file;
    }

    Path file() {
        return file;
    }

    /** Makes a new one. */
    void create() throws IOException {
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, HexFormat.of().formatHex(random));
    }

    String value() {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("no password yet: the server has never been started", e);
        }
    }
}
