package dev.freshet.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import java.nio.file.Path;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where log lines go: to standard error, or to a file where a person looks at something else. */
public final class LogOutput {
    private LogOutput() {}

    static void toStandardError(boolean verbose) {
        configure("log-to-stderr.xml", Map.of());
        if (verbose) {
            context().getLogger("dev.freshet").setLevel(Level.DEBUG);
        }
    }

    /** Appends to the file from now on. */
    public static void toFile(Path file) {
        Level level = context().getLogger("dev.freshet").getLevel();
        configure("log-to-file.xml", Map.of("file", file.toString()));
        context().getLogger("dev.freshet").setLevel(level);
    }

    private static void configure(String resource, Map<String, String> properties) {
        LoggerContext context = context();
        context.reset();
        properties.forEach(context::putProperty);
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        try {
            configurator.doConfigure(LogOutput.class.getResource(resource));
        } catch (JoranException e) {
            throw new IllegalStateException("cannot configure the log", e);
        }
    }

    private static LoggerContext context() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            return context;
        }
        throw new IllegalStateException(
                "logback is not the logger " + LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME));
    }
}
