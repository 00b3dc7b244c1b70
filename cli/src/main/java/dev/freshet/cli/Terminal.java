package dev.freshet.cli;

import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** What the launcher says of where our output goes. */
final class Terminal {
    private static final int COLUMNS = 80;

    private Terminal() {}

    /** How wide it is; empty where nothing can be drawn over. */
    static OptionalInt columns(Map<String, String> environment) {
        if (!Boolean.getBoolean("freshet.terminal")) {
            return OptionalInt.empty();
        }
        int columns = Stream.of("COLUMNS", "FRESHET_COLUMNS")
                .map(name -> environment.getOrDefault(name, ""))
                .filter(value -> value.matches("[1-9][0-9]{0,4}"))
                .mapToInt(Integer::parseInt)
                .findFirst()
                .orElse(COLUMNS);
        return OptionalInt.of(columns);
    }
}
