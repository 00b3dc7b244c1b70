package dev.freshet.e2e.bench;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.file.Path;
import java.time.Duration;

import dev.freshet.testkit.process.ChildJvm;

/** The ceiling: how fast Debezium takes the same rows in, when nothing is done with them. */
final class DebeziumAlone implements AutoCloseable {
    static final String SNAPSHOT_SECONDS = "debeziumSnapshotSeconds";
    static final String BURST_SECONDS = "debeziumBurstSeconds";

    private static final Duration STOPPING = Duration.ofSeconds(40);

    private final Trial trial;
    private final MappedByteBuffer counted;
    private final long start;
    private final ChildJvm process;

    private DebeziumAlone(Trial trial) throws IOException {
        this.trial = trial;
        Path file = trial.deployment().directory().resolve("count");
        counted = CountingCapture.map(file);
        start = trial.nanoTime();
        process = ChildJvm.running(CountingCapture.class)
                .jvmOptions(Deployment.jvmOptions())
                .arguments(trial.deployment().yaml().toString(), file.toString())
                .output(trial.deployment().directory().resolve("debezium.log"))
                .start();
    }

    /** One that has the whole shop behind it, and follows what is written. */
    static DebeziumAlone behindSnapshot(Trial trial) throws Exception {
        DebeziumAlone alone = new DebeziumAlone(trial);
        try {
            alone.secondsUntil(trial.number("SELECT (SELECT count(*) FROM users) + count(*) FROM orders"), alone.start);
            return alone;
        } catch (Exception | Error e) {
            alone.close();
            throw e;
        }
    }

    /** The snapshot of the whole shop, and a burst behind it; every row has to come, and none twice. */
    static void measure(Trial trial, Values values) throws Exception {
        try (DebeziumAlone alone = new DebeziumAlone(trial)) {
            BenchOptions options = trial.options();
            int snapshot = options.users() + options.orders();
            values.add(SNAPSHOT_SECONDS, alone.secondsUntil(snapshot, alone.start));
            values.add("debeziumSnapshotCpuMicros", alone.cpu() / options.orders());
            alone.leaveTheSnapshotBehind(snapshot + 1);
            double cpu = alone.cpu();
            Burst burst = Burst.into(trial);
            values.add(BURST_SECONDS, alone.secondsUntil(snapshot + 1 + options.burst(), burst.began()));
            values.add("debeziumBurstCpuMicros", (alone.cpu() - cpu) / options.burst());
            long rows = alone.counted.getLong(0);
            if (rows != snapshot + 1 + options.burst()) {
                throw new MeasurementException("Debezium sent rows twice: " + rows);
            }
        }
    }

    private void leaveTheSnapshotBehind(long rows) throws Exception {
        trial.execute("INSERT INTO orders (user_id, total) VALUES (1, 1)");
        secondsUntil(rows, start);
    }

    private double secondsUntil(long rows, long began) throws Exception {
        trial.bed().patience().until(rows + " rows from Debezium", Trial.POLL, () -> {
            if (!process.isAlive()) {
                throw new MeasurementException("Debezium has ended: " + process.output());
            }
            return counted.getLong(0) >= rows;
        });
        return trial.secondsSince(began);
    }

    private double cpu() {
        return Resources.cpuMicros(pid());
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.stop(STOPPING);
    }
}
