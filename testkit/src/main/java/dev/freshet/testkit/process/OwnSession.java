package dev.freshet.testkit.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Starts a program in a session of its own where setsid exists. A terminal sends Ctrl-C to every process of its foreground
 * group: without this, servers would go down before the program that uses them has finished with them.
 */
public final class OwnSession {
    private OwnSession() {}

    /** Standard output and error are appended to the file. The process is a direct child: setsid replaces itself. */
    public static Process start(
            List<String> command, Map<String, String> environment, Path output, @Nullable Path directory)
            throws IOException {
        List<String> all = new ArrayList<>();
        Stream.of("/usr/bin/setsid", "/bin/setsid")
                .filter(path -> Files.isExecutable(Path.of(path)))
                .findFirst()
                .ifPresent(all::add);
        all.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(all)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .redirectInput(new File("/dev/null"));
        if (directory != null) {
            builder.directory(directory.toFile());
        }
        builder.environment().putAll(environment);
        return builder.start();
    }
}
