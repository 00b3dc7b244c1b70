package dev.freshet.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

import dev.freshet.serving.explain.CountedOrder;
import dev.freshet.serving.explain.ExplainedFeature;
import dev.freshet.serving.explain.Explanation;
import dev.freshet.serving.explain.HeldRow;

/** An explanation for people. */
final class ExplainText {
    private static final int LONGEST_VALUE = 40;

    private ExplainText() {}

    /** @param then whether an instant was asked for, and not the row as it is */
    static List<String> lines(Explanation explanation, boolean then) {
        List<String> lines = new ArrayList<>();
        HeldRow row = explanation.table().row();
        lines.add("user " + explanation.user() + " at " + explanation.at() + ": " + verdict(explanation, then));
        if (row != null) {
            lines.add("the row%s: version %d of epoch %d, computed at %s, exact until %s%s"
                    .formatted(
                            then ? " that was held then" : "",
                            row.version(),
                            row.epoch(),
                            row.computedAt(),
                            row.exactUntil() == null ? "an order changes" : row.exactUntil(),
                            row.incomplete() ? ", incomplete" : ""));
        }
        explanation.conclusion().notes().forEach(note -> lines.add("  " + note));
        lines.add("");
        lines.addAll(features(explanation, then));
        if (explanation.source().counting() > 0) {
            lines.add("");
            lines.addAll(orders(explanation));
        }
        return lines;
    }

    private static String verdict(Explanation explanation, boolean then) {
        return switch (explanation.conclusion().verdict()) {
            case AGREES ->
                then
                        ? "the table held what the source's orders of now make"
                        : "the table holds what the source's orders make";
            case BEHIND, CHANGING -> "the table differs from the source's orders, for now";
            case INCOMPLETE -> "the table differs from the source's orders, and is flagged incomplete";
            case DIFFERS -> "the table differs from the source's orders";
            case NOTHING_HELD -> "what the source's orders of now make; the table held nothing";
            case NOT_KEPT -> "what the source's orders of now make; the table's side is no longer kept";
            case HELD_OTHERWISE -> "what the source's orders of now make, beside what the table held";
        };
    }

    private static List<String> features(Explanation explanation, boolean then) {
        boolean hasRow = explanation.table().row() != null;
        TextTable table = new TextTable();
        table.add(List.of("feature", then ? "table then" : "table", "recomputed", "", "made of"));
        for (ExplainedFeature feature : explanation.features()) {
            table.add(List.of(
                    feature.definition().name(),
                    hasRow ? value(feature.table()) : "-",
                    explanation.source().hasUser() ? value(feature.recomputed()) : "-",
                    !hasRow || feature.agrees() ? "" : "differs",
                    madeOf(feature)));
        }
        return table.lines();
    }

    private static String madeOf(ExplainedFeature feature) {
        ExplainedFeature.Working working = feature.working();
        String orders =
                String.format(Locale.ROOT, "%,d %s", working.orders(), working.orders() == 1 ? "order" : "orders");
        String nulls = working.values() == working.orders()
                ? ""
                : ", %,d of them NULL".formatted(working.orders() - working.values());
        return switch (feature.definition().aggregate()) {
            case COUNT -> orders;
            case SUM -> orders + nulls;
            case AVG ->
                working.sum() == null
                        ? orders + nulls
                        : value(working.sum()) + " / " + working.values() + ", of " + orders + nulls;
            case LAST_DATE ->
                working.newest() == null ? orders : "order " + working.newest() + ", " + working.newestAt();
        };
    }

    private static List<String> orders(Explanation explanation) {
        Map<Duration, String> windows = windows(explanation);
        List<CountedOrder> newest = explanation.source().newest();
        List<String> lines = new ArrayList<>();
        if (!newest.isEmpty()) {
            lines.add("the orders that count, newest first:");
            TextTable table = new TextTable();
            List<String> head = new ArrayList<>(List.of("id", "created_at"));
            newest.get(0).amounts().forEach(amount -> head.add(amount.column()));
            windows.forEach((window, feature) -> head.add("leaves " + feature));
            table.add(head);
            for (CountedOrder order : newest) {
                List<String> cells =
                        new ArrayList<>(List.of(order.id(), order.createdAt().toString()));
                order.amounts().forEach(amount -> cells.add(value(amount.value())));
                windows.values().forEach(feature -> cells.add(leaves(order, feature)));
                table.add(cells);
            }
            lines.addAll(table.lines());
        }
        long more = explanation.source().counting() - newest.size();
        if (more > 0) {
            lines.add("and %,d more (see --limit)".formatted(more));
        }
        return lines;
    }

    /** The windows that end, each with a feature that has it. */
    private static Map<Duration, String> windows(Explanation explanation) {
        Map<Duration, String> windows = new LinkedHashMap<>();
        for (ExplainedFeature feature : explanation.features()) {
            Duration window = feature.definition().window();
            if (window != null) {
                windows.putIfAbsent(window, feature.definition().name());
            }
        }
        return windows;
    }

    private static String leaves(CountedOrder order, String feature) {
        return order.stays().stream()
                .filter(stay -> stay.feature().equals(feature))
                .findFirst()
                .map(CountedOrder.Stay::leaves)
                .map(Instant::toString)
                .orElse("has left");
    }

    private static String value(@Nullable String value) {
        if (value == null) {
            return "NULL";
        }
        return value.length() <= LONGEST_VALUE
                ? value
                : value.substring(0, LONGEST_VALUE / 2) + "... (%,d chars)".formatted(value.length());
    }
}
