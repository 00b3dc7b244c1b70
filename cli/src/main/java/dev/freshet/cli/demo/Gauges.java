package dev.freshet.cli.demo;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** Puts together what the dashboard shows of a second. */
final class Gauges {
    private final Connection connection;
    private final Tally tally;
    private final Latencies latencies;
    private final Watch watch;
    private final long beginNanos;
    private final Rate changesIn = new Rate();
    private final WrittenRows written = new WrittenRows();
    private final Rate featuresOut = new Rate();

    /** @param beginNanos when the traffic begins */
    Gauges(Connection connection, Tally tally, Latencies latencies, Watch watch, long beginNanos) throws SQLException {
        this.connection = connection;
        this.tally = tally;
        this.latencies = latencies;
        this.watch = watch;
        this.beginNanos = beginNanos;
        changesIn.at(beginNanos, tally.rows());
        featuresOut.at(beginNanos, written.upTo(table()));
    }

    private TableState table() throws SQLException {
        return TableReader.read(connection)
                .orElseThrow(() -> new IllegalStateException("readers see no generation any more"));
    }

    /** Rows written to the table until now. */
    long written() throws SQLException {
        return written.upTo(table());
    }

    Second read(long nowNanos) throws SQLException, InterruptedException {
        TableState table = table();
        return new Second(
                Duration.ofNanos(nowNanos - beginNanos),
                changesIn.at(nowNanos, tally.rows()),
                featuresOut.at(nowNanos, written.upTo(table)),
                latencies.percentile(50),
                latencies.percentile(99),
                latencies.count(),
                table,
                watch.look());
    }
}
