package dev.freshet.cli.demo;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** How many rows of the shop were changed, and by what. */
final class Tally {
    private final LongAdder rows = new LongAdder();
    private final Map<Kind, LongAdder> byKind = new EnumMap<>(Kind.class);

    Tally() {
        Arrays.stream(Kind.values()).forEach(kind -> byKind.put(kind, new LongAdder()));
    }

    /** Committed: this many rows. */
    void add(long changed) {
        rows.add(changed);
    }

    /** Committed: one change of this kind. */
    void add(Kind kind) {
        LongAdder counter = byKind.get(kind);
        if (counter != null) {
            counter.increment();
        }
    }

    long rows() {
        return rows.sum();
    }

    /** What was done, in one line. */
    String text() {
        return byKind.entrySet().stream()
                .filter(entry -> entry.getValue().sum() > 0)
                .map(entry -> "%,d %s"
                        .formatted(entry.getValue().sum(), entry.getKey().text()))
                .collect(Collectors.joining(", "));
    }
}
