package dev.freshet.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import dev.freshet.ops.deadletters.LetterFilter;

/** Which dead letters a command is about. */
final class LetterOptions {
    @Parameters(paramLabel = "ID", arity = "0..*", description = "Letters by their ids (default: all).")
    private List<Long> ids = new ArrayList<>();

    @Option(names = "--process", paramLabel = "NAME", description = "Only those that ingest, streams or sink met.")
    private @Nullable String process;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            description = "Only those whose reason contains TEXT, in any case.")
    private @Nullable String reason;

    @Option(names = "--generation", paramLabel = "N", description = "Only those of this generation.")
    private @Nullable Integer generation;

    @Option(names = "--user", paramLabel = "ID", description = "Only those that name this user.")
    private @Nullable String user;

    /** How many letters are named by their ids. */
    long named() {
        return ids.stream().distinct().count();
    }

    /** Whether a letter that is named may be left out. */
    boolean isFiltered() {
        return process != null || reason != null || generation != null || user != null;
    }

    LetterFilter filter() {
        return new LetterFilter(new LinkedHashSet<>(ids), process, reason, generation, user);
    }
}
