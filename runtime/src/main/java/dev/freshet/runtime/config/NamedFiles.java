package dev.freshet.runtime.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

/** Certificates and keys that a library's own properties name: whoever starts it would fail late, and in its words. */
final class NamedFiles {
    private static final Pattern KEY =
            Pattern.compile(".*\\bssl\\.(truststore|keystore)\\.location|(database|driver)\\.ssl(rootcert|cert|key)");

    static final String CURE = "name a file that this user may read";

    private NamedFiles() {}

    /** A fault for each that cannot be read. */
    static void check(Faults faults, String section, Map<String, String> properties) {
        properties.forEach((key, value) -> faults.require(
                !KEY.matcher(key).matches() || value.contains("${") || isReadable(value),
                section + "." + key,
                value,
                CURE));
    }

    static boolean isReadable(String path) {
        try {
            Path file = Path.of(path);
            return Files.isReadable(file) && !Files.isDirectory(file);
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
