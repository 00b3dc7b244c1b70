package dev.freshet.serving.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.source.SourceTables;
import dev.freshet.runtime.time.Micros;

/** Features recomputed from the source: of one state of it, by the orders' own times. */
final class EventTime implements Side {
    private static final String UNKNOWN =
            "SELECT count(*) FROM labels WHERE u IS NOT NULL AND u NOT IN (SELECT u FROM users)";

    private final Job job;
    private final List<FeatureColumn> columns;
    private final List<String> amounts;
    private @Nullable SourceFacts facts;
    private @Nullable SourceRows rows;

    EventTime(Job job, List<FeatureColumn> columns) {
        this.job = job;
        this.columns = columns;
        amounts = job.config().catalogue().columns();
    }

    @Override
    public void read() throws SQLException {
        SourceTables tables = SourceTables.of(job.config().source());
        UserFilter filter = job.filter();
        try (Snapshot source = Snapshot.open(
                job.config().source().login(), job.config().source().schema(), List.of(), job.interruption())) {
            SourceFacts read = SourceFacts.read(source, tables.orders().table().sql());
            facts = read;
            job.labels().checkFuture(read.now());
            rows = SourceRows.load(source, tables, amounts, filter, job.duck(), done -> job.progress()
                    .at("orders read", done, total(filter, read.orders(), done)));
        }
    }

    /** The server's estimate is of the whole table, and it may have none yet, or be out of date. */
    private static long total(UserFilter filter, long estimate, long done) {
        return filter.users().isPresent() || estimate == 0 ? ExportProgress.UNKNOWN : Math.max(estimate, done);
    }

    @Override
    public void join() throws SQLException {
        long labels = job.labels().rows();
        new PointInTime(job.duck(), columns, amounts, job.interruption())
                .compute(rows(), amounts.size(), done -> job.progress().at("labels joined", done, labels));
    }

    private SourceRows rows() {
        if (rows == null) {
            throw new IllegalStateException("the source was not read yet");
        }
        return rows;
    }

    @Override
    public List<FeatureColumn> columns() {
        return columns;
    }

    @Override
    public void describe(ObjectNode manifest) {
        if (facts != null) {
            manifest.putObject("source")
                    .put("system_identifier", facts.systemIdentifier())
                    .put("lsn", facts.lsn())
                    .put("snapshot", facts.snapshot())
                    .put("time", Micros.toInstant(facts.now()).toString());
        }
    }

    @Override
    public void count(Map<String, Long> counts) throws SQLException {
        counts.put(ExportCounts.UNKNOWN_USERS, job.duck().number(UNKNOWN));
        counts.put(ExportCounts.ORDERS, rows().orders());
        counts.put(ExportCounts.ORDERS_OUTSIDE, rows().outside());
    }
}
