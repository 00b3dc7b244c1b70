package dev.freshet.cli.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.freshet.cli.demo.WatchedUser.Verdict;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.schemas.catalogue.FeatureDefinition;

/** Shows a second: a screenful in place on a terminal, one line elsewhere. */
final class Dashboard {
    private final Screen screen;
    private final List<String> features;
    private final String footer;
    private int turn;

    /** @param footer the last line on a terminal */
    Dashboard(Screen screen, Catalogue catalogue, String footer) {
        this.screen = screen;
        this.footer = footer;
        features = catalogue.features().stream().map(FeatureDefinition::name).toList();
    }

    void show(Second second) {
        if (screen.isTerminal()) {
            screen.redraw(block(second));
        } else {
            screen.line(line(second));
        }
    }

    List<String> block(Second second) {
        List<String> lines = new ArrayList<>();
        lines.add("Freshet demo  running %s   generation %d"
                .formatted(clock(second.running()), second.table().generation()));
        lines.add("");
        lines.add("changes in    %,8.0f /s     rows of users and orders".formatted(second.changesIn()));
        lines.add("features out  %,8.0f /s     rows of user_features".formatted(second.featuresOut()));
        lines.add("freshness     p50 %s   p99 %s   from commit to visible (%,d probes)"
                .formatted(Latencies.text(second.p50()), Latencies.text(second.p99()), second.probes()));
        lines.add("complete to   %s   %s ago"
                .formatted(
                        second.table().completeThrough(),
                        Latencies.text(second.table().age())));
        lines.add("");
        lines.add(row("user", "truth", features, "computed at"));
        second.users().forEach(user -> addUser(lines, user));
        lines.add("");
        lines.add(footer);
        return lines;
    }

    private void addUser(List<String> lines, WatchedUser user) {
        lines.add(row(Long.toString(user.user()), word(user.verdict()), user.table(), user.computedAt()));
        if (user.verdict() == Verdict.ON_ITS_WAY) {
            lines.add(row("", "  truth:", user.truth(), ""));
        }
    }

    /** What matters most comes first: a narrow terminal cuts what is last. */
    private String row(String user, String verdict, List<String> values, String computedAt) {
        StringBuilder row = new StringBuilder("%-6s %-10s".formatted(user, verdict));
        for (int i = 0; i < values.size(); i++) {
            // As wide as its heading: with those of the standard catalogue all values are in 80 columns.
            String wide = " "
                    .repeat(Math.max(0, features.get(i).length() - values.get(i).length()));
            row.append(' ').append(wide).append(values.get(i));
        }
        return row.append("   ").append(computedAt).toString().stripTrailing();
    }

    private static String word(Verdict verdict) {
        return switch (verdict) {
            case EQUAL -> "equal";
            case ON_ITS_WAY -> "on its way";
            case GONE -> "deleted";
        };
    }

    /** One user in turn stands for the others; all of them are counted. */
    String line(Second second) {
        long equal = second.users().stream()
                .filter(user -> user.verdict() == Verdict.EQUAL || user.verdict() == Verdict.GONE)
                .count();
        StringBuilder line = new StringBuilder("%s in=%.0f/s out=%.0f/s p50=%s p99=%s age=%s equal=%d/%d"
                .formatted(
                        clock(second.running()),
                        second.changesIn(),
                        second.featuresOut(),
                        compact(second.p50()),
                        compact(second.p99()),
                        compact(second.table().age()),
                        equal,
                        second.users().size()));
        if (!second.users().isEmpty()) {
            WatchedUser user = second.users().get(turn++ % second.users().size());
            line.append(" user=%d table=%s truth=%s"
                    .formatted(user.user(), String.join("|", user.table()), String.join("|", user.truth())));
        }
        return line.toString();
    }

    private static String compact(Duration duration) {
        return Latencies.text(duration).replace(" ", "");
    }

    private static String clock(Duration duration) {
        return "%02d:%02d:%02d".formatted(duration.toHours(), duration.toMinutesPart(), duration.toSecondsPart());
    }
}
