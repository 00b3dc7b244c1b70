package dev.freshet.testkit.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a {@link ChildJvm} is to run, with which options. */
public final class ChildJvmBuilder {
    private final List<String> jvmOptions = new ArrayList<>();
    private final List<String> program = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();
    private @Nullable String script;
    private @Nullable Path output;
    private @Nullable Path directory;

    ChildJvmBuilder(String... program) {
        this.program.addAll(Arrays.asList(program));
        // By the environment and not as an argument: it can be longer than some systems let an argument list be.
        environment.put("CLASSPATH", System.getProperty("java.class.path"));
    }

    /** Options for the JVM itself, such as -Xmx256m or -Dname=value. */
    public ChildJvmBuilder jvmOptions(String... options) {
        jvmOptions.addAll(Arrays.asList(options));
        return this;
    }

    /** Arguments for the program. */
    public ChildJvmBuilder arguments(String... arguments) {
        program.addAll(Arrays.asList(arguments));
        return this;
    }

    public ChildJvmBuilder environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** What sh runs instead, for which the command that starts the JVM is {@code "$@"}: so with limits, or into a pipe. */
    public ChildJvmBuilder through(String script) {
        this.script = script;
        return this;
    }

    /** Where standard output and error are appended to; a new temporary file when not set. */
    public ChildJvmBuilder output(Path file) {
        output = file;
        return this;
    }

    /** The working directory. */
    public ChildJvmBuilder directory(Path directory) {
        this.directory = directory;
        return this;
    }

    public ChildJvm start() {
        try {
            Path file = output == null ? Files.createTempFile("child-jvm-", ".log") : output;
            List<String> command = new ArrayList<>();
            if (script != null) {
                command.addAll(List.of("sh", "-c", script, "sh"));
            }
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(jvmOptions);
            command.addAll(program);
            return new ChildJvm(OwnSession.start(command, environment, file, directory), file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start a child JVM for " + program, e);
        }
    }
}
