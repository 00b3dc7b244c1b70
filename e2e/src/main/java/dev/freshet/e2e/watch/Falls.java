package dev.freshet.e2e.watch;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** What must never go back from one read to the next, or be late. */
final class Falls {
    private final Consumer<String> findings;
    private final Map<Long, FeatureRow> rows = new HashMap<>();
    private int epoch;
    private long lsn;
    private long completeThrough;

    Falls(Consumer<String> findings) {
        this.findings = findings;
    }

    void see(TableRead read) {
        if (read.lsn() < lsn || read.completeThrough() < completeThrough) {
            findings.accept("complete through went back from " + completeThrough + " (lsn " + lsn + ") to "
                    + read.completeThrough() + " (lsn " + read.lsn() + ")");
        }
        lsn = read.lsn();
        completeThrough = read.completeThrough();
        read.rows().forEach(this::see);
    }

    private void see(FeatureRow row) {
        if (row.epoch() < epoch) {
            findings.accept("the epoch went back from " + epoch + " to " + row.epoch());
        }
        epoch = row.epoch();
        FeatureRow before = rows.put(row.user(), row);
        if (before != null
                && before.epoch() == row.epoch()
                && (row.version() < before.version() || row.computedAt() < before.computedAt())) {
            findings.accept("went back: " + before + ", then " + row);
        }
        Long exactUntil = row.exactUntil();
        if (exactUntil != null && exactUntil <= completeThrough) {
            findings.accept("complete through " + completeThrough + ", and time alone should have changed it: " + row);
        }
    }

    /** Whether this one was not seen before. */
    boolean isNew(FeatureRow row) {
        FeatureRow before = rows.get(row.user());
        return before == null || before.epoch() != row.epoch() || before.version() != row.version();
    }
}
