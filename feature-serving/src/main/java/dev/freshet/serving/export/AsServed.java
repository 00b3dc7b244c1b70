package dev.freshet.serving.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.config.TargetSettings;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.time.Micros;
import dev.freshet.serving.export.ServedJoin.Outcome;

/** Features as user_features showed them, by the target's clock. */
final class AsServed implements Side {
    private static final String UNDEFINED_TABLE = "42P01";

    private final Job job;
    private final List<FeatureColumn> columns;
    private @Nullable Epochs epochs;
    private long versions;

    AsServed(Job job, List<FeatureColumn> columns) {
        this.job = job;
        this.columns = columns;
    }

    @Override
    public void read() throws SQLException {
        UserFilter filter = job.filter();
        try (Snapshot target = open()) {
            Epochs read = Epochs.read(target);
            epochs = read;
            job.labels().checkFuture(read.now());
            versions = new ServedVersions(job.duck(), columns, filter)
                    .load(target, job.config().names(), read, done -> job.progress()
                            .at("versions read", done, ExportProgress.UNKNOWN));
        }
    }

    private Snapshot open() throws SQLException {
        TargetSettings target = job.config().target();
        try {
            return Snapshot.open(target.login(), target.schema(), List.of(Epochs.LOCK), job.interruption());
        } catch (SQLException e) {
            if (UNDEFINED_TABLE.equals(e.getSQLState())) {
                throw new Stop.Operator(
                        "the target has no history of what its table held",
                        "Start the sink, and wait for the first generation; --mode event-time needs none",
                        e);
            }
            throw e;
        }
    }

    @Override
    public void join() throws SQLException {
        ServedJoin.run(job.duck(), epochs(), columns);
        for (FeatureColumn column : columns) {
            if (column.isText()) {
                column.numbers().recount(ServedJoin.beyond(job.duck(), column));
            }
        }
    }

    private Epochs epochs() {
        if (epochs == null) {
            throw new IllegalStateException("the target was not read yet");
        }
        return epochs;
    }

    @Override
    public List<FeatureColumn> columns() {
        return columns;
    }

    @Override
    public void describe(ObjectNode manifest) {
        Epochs read = epochs();
        ObjectNode target = manifest.putObject("target")
                .put("generation", read.live().generation())
                .put("epoch", read.live().number())
                .put("time", Micros.toInstant(read.now()).toString());
        Epochs.Through through = read.through();
        if (through == null) {
            target.putNull("complete_through");
        } else {
            target.putObject("complete_through")
                    .put("system_identifier", through.systemIdentifier())
                    .put("lsn", through.lsn())
                    .put("source_time", Micros.toInstant(through.sourceTime()).toString());
        }
        if (read.historyFrom() != Long.MAX_VALUE) {
            target.put("history_from", Micros.toInstant(read.historyFrom()).toString());
        }
    }

    @Override
    public void count(Map<String, Long> counts) throws SQLException {
        Duck duck = job.duck();
        counts.put(ExportCounts.VERSIONS, versions);
        counts.put(ExportCounts.SERVED, ServedJoin.count(duck, Outcome.SERVED));
        counts.put(ExportCounts.INCOMPLETE, ServedJoin.incomplete(duck));
        counts.put(ExportCounts.ABSENT, ServedJoin.count(duck, Outcome.ABSENT));
        counts.put(ExportCounts.BEFORE, ServedJoin.count(duck, Outcome.BEFORE));
        counts.put(ExportCounts.DROPPED, ServedJoin.count(duck, Outcome.DROPPED));
    }
}
