package dev.freshet.runtime.kafka;

import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.freshet.schemas.Names;

/** What the names of the topics tell of generations. The register may know less: it can be restored from a backup. */
public final class KnownGenerations {
    private KnownGenerations() {}

    /** The highest number of a generation that has a topic; 0 for none. */
    public static int newest(Names names, Collection<String> topics) {
        Pattern form = Pattern.compile(Pattern.quote(names.prefix()) + "\\.(?:changes|features)\\.g(\\d{1,9})");
        return topics.stream()
                .map(form::matcher)
                .filter(Matcher::matches)
                .mapToInt(matcher -> Integer.parseInt(matcher.group(1)))
                .max()
                .orElse(0);
    }
}
