package dev.freshet.streams.core;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Numeric;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.schemas.catalogue.FeatureDefinition;
import dev.freshet.schemas.feature.FeatureValue;

/**
 * A catalogue made ready to compute: the distinct windows, and for each feature which window's totals tell it.
 *
 * <p>Features that share a window share its totals. A window of length W at t holds orders with created_at in (t - W, t].
 */
final class FeatureProgram {
    /** The window that reaches back for ever. */
    static final long WHOLE_PAST = Long.MAX_VALUE;

    private final List<FeatureDefinition> features;
    private final List<String> columns;
    private final long[] windows;

    FeatureProgram(Catalogue catalogue) {
        features = catalogue.features();
        columns = catalogue.columns();
        windows = features.stream()
                .mapToLong(FeatureProgram::length)
                .distinct()
                .sorted()
                .toArray();
    }

    private static long length(FeatureDefinition feature) {
        return feature.window() == null ? WHOLE_PAST : feature.windowMicros();
    }

    int columns() {
        return columns.size();
    }

    int windows() {
        return windows.length;
    }

    /** The instant that an order must have been made after, to be in window {@code window} at {@code t}. */
    long opensAfter(int window, long t) {
        return windows[window] == WHOLE_PAST ? Long.MIN_VALUE : t - windows[window];
    }

    /** The instant at which an order leaves window {@code window}; {@link Evaluation#NEVER} for the whole past. */
    long leavesAt(int window, long createdAt) {
        return windows[window] == WHOLE_PAST || createdAt == Evaluation.NEVER
                ? Evaluation.NEVER
                : createdAt + windows[window];
    }

    Totals[] emptyTotals() {
        Totals[] totals = new Totals[windows.length];
        for (int i = 0; i < totals.length; i++) {
            totals[i] = new Totals(columns.size());
        }
        return totals;
    }

    /**
     * The features at {@code t}.
     *
     * @param totals of each window at t
     * @param newest the newest created_at at or before t; null for none
     */
    List<@Nullable FeatureValue> values(Totals[] totals, @Nullable Long newest, long t) {
        List<@Nullable FeatureValue> values = new ArrayList<>(features.size());
        for (FeatureDefinition feature : features) {
            int window = windowOf(feature);
            values.add(
                    switch (feature.aggregate()) {
                        case COUNT -> new FeatureValue.Count(totals[window].count());
                        case SUM -> amount(totals[window].sum(columnOf(feature)).sum());
                        case AVG -> amount(totals[window].sum(columnOf(feature)).mean());
                        case LAST_DATE -> newest == null || newest <= opensAfter(window, t) ? null : day(newest);
                    });
        }
        return values;
    }

    private int windowOf(FeatureDefinition feature) {
        return java.util.Arrays.binarySearch(windows, length(feature));
    }

    private int columnOf(FeatureDefinition feature) {
        return columns.indexOf(feature.column());
    }

    private static @Nullable FeatureValue amount(@Nullable Numeric value) {
        return value == null ? null : new FeatureValue.Amount(value);
    }

    private static FeatureValue day(long micros) {
        Instant instant = Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
        return new FeatureValue.Day(LocalDate.ofInstant(instant, ZoneOffset.UTC));
    }
}
