package dev.freshet.e2e.bed;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

import dev.freshet.e2e.process.JvmOptions;
import dev.freshet.testkit.process.ChildJvm;
import dev.freshet.testkit.process.ChildJvmBuilder;

/** A process from its start to its end, with a log of its own. */
public final class Life {
    private static final Pattern URL = Pattern.compile("telling how it is url=(\\S+)");
    private static final Pattern STOPPING = Pattern.compile("(?m)^.*stopping exit=.*$");
    private static final int LAST_WORDS = 1_500;

    private final ChildJvm process;
    private @Nullable String url;
    private volatile boolean isOurEnd;

    private Life(ChildJvm process) {
        this.process = process;
    }

    static Life begin(Part part, Path yaml, Map<String, String> environment, Path log) {
        ChildJvmBuilder builder = ChildJvm.running("dev.freshet.cli.Freshet")
                .jvmOptions(JvmOptions.deployed("-Xmx512m"))
                .arguments(part.toString(), "--config", yaml.toString())
                .output(log);
        environment.forEach(builder::environment);
        return new Life(builder.start());
    }

    public ChildJvm process() {
        return process;
    }

    /** All that it has printed so far. */
    public String log() {
        return process.output();
    }

    public boolean hasSaid(String text) {
        return log().contains(text);
    }

    /** Where it tells how it is; empty until it does. */
    synchronized Optional<String> url() {
        if (url == null) {
            Matcher told = URL.matcher(log());
            url = told.find() ? told.group(1) : null;
        }
        return Optional.ofNullable(url);
    }

    void endIsOurs() {
        isOurEnd = true;
    }

    boolean isOurEnd() {
        return isOurEnd;
    }

    /** Why it ended, if it said so, else the end of its log. */
    String lastWords() {
        String log = log();
        Matcher stopping = STOPPING.matcher(log);
        String found = null;
        while (stopping.find()) {
            found = stopping.group();
        }
        return found != null ? found : log.substring(Math.max(0, log.length() - LAST_WORDS));
    }
}
