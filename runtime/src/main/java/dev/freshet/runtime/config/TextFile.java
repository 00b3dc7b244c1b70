package dev.freshet.runtime.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;

/** Small text files that an operator names. What keeps one from being read is said in words, not as Java's exception. */
public final class TextFile {
    /** Far above any configuration, far below what could hurt. */
    static final int MAX_BYTES = 1 << 20;

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private TextFile() {}

    /**
     * Its text, without a byte order mark.
     *
     * @throws IOException with words that follow on the file's name: "is a directory"
     */
    static String read(String path) throws IOException {
        try {
            return read(Path.of(path));
        } catch (InvalidPathException e) {
            throw new IOException("is not the path of a file", e);
        }
    }

    /** The same. */
    public static String read(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException("is a directory: name a file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IOException("is larger than 1 MiB: name another file");
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new IOException("is not UTF-8: save it as that", e);
        } catch (FileSystemException e) {
            throw new IOException(inWords(e), e);
        }
    }

    static String inWords(FileSystemException failure) {
        if (failure instanceof NoSuchFileException) {
            return "does not exist: name a file that does";
        }
        if (failure instanceof AccessDeniedException) {
            return "may not be read by this user: change its owner or its mode";
        }
        return "cannot be read: " + failure.getReason();
    }

    /** Whether every user of this machine may read it. */
    static boolean isReadableByAll(Path file) throws IOException {
        try {
            return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
        } catch (UnsupportedOperationException e) {
            return false;
        }
    }
}
