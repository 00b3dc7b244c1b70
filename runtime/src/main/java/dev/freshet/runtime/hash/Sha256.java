package dev.freshet.runtime.hash;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of what comes piece by piece, or of a whole. In hexadecimal digits where it is text. */
public final class Sha256 {
    private final MessageDigest digest;

    public Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Takes the first bytes of these. */
    public void update(byte[] bytes, int length) {
        digest.update(bytes, 0, length);
    }

    /** Of all that has come; once. */
    public String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Of a text in UTF-8. */
    public static String of(String text) {
        return HexFormat.of().formatHex(bytes(text));
    }

    /** The same as bytes. */
    public static byte[] bytes(String text) {
        return new Sha256().digest.digest(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Of a file. */
    public static String of(Path file) throws IOException {
        Sha256 hash = new Sha256();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            int read;
            while ((read = in.read(buffer)) >= 0) {
                hash.update(buffer, read);
            }
        }
        return hash.hex();
    }
}
