package dev.freshet.runtime.config;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Files that hold a secret, and must not be readable by every user of the machine unless the operator says so. */
final class SecretFile {
    static final String OPTION = "secrets.readable.by.all";
    private static final Logger log = LoggerFactory.getLogger(SecretFile.class);
    private static final String READABLE = "can be read by every user of this machine";
    private static final String ALLOWED =
            ", or set " + OPTION + ": true where only Freshet can reach it, as in a container";

    private SecretFile() {}

    /** The secret, which is the whole file without its line's end; {@link Secret#NONE} after a fault. */
    static Secret read(Faults faults, String key, String path, boolean mayBeReadable) {
        try {
            String text = TextFile.read(path).stripTrailing();
            if (TextFile.isReadableByAll(Path.of(path))) {
                if (!mayBeReadable) {
                    faults.add(key, path, READABLE + ": chmod 600 it" + ALLOWED);
                }
                warn(path);
            }
            return new Secret(text);
        } catch (IOException e) {
            faults.add(key, path, String.valueOf(e.getMessage()));
            return Secret.NONE;
        }
    }

    /** A configuration that has a secret in itself is such a file. */
    static void check(Faults faults, Path yaml, Collection<String> keys, boolean mayBeReadable) {
        List<String> secrets =
                keys.stream().filter(SecretKeys::matches).sorted().toList();
        try {
            if (!secrets.isEmpty() && TextFile.isReadableByAll(yaml)) {
                if (!mayBeReadable) {
                    faults.add(
                            yaml.toString(),
                            null,
                            "holds " + String.join(", ", secrets) + " and " + READABLE
                                    + ": chmod 600 it, or move each secret to a file of its own or to the environment, as "
                                    + Values.variable(secrets.get(0)) + ALLOWED);
                }
                warn(yaml.toString());
            }
        } catch (IOException | InvalidPathException e) {
            faults.add(yaml.toString(), null, "cannot be asked for its mode: name another file");
        }
    }

    private static void warn(String path) {
        log.warn("a secret can be read by every user of this machine file={}", path);
    }
}
