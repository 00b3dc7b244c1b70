package dev.freshet.e2e.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.freshet.testkit.process.Deadline;
import dev.freshet.testkit.servers.EmbeddedServers;

/** How many orders the source takes in, one in a commit, as fast as several connections can: alone, and captured. */
final class SourceSpeed {
    static final String ALONE = "sourceAloneInsertsPerSecond";
    static final String CAPTURED = "sourceCapturedInsertsPerSecond";
    static final String BESIDE_PIPELINE = "sourceBesidePipelineInsertsPerSecond";
    static final String OWN_CORE_ALONE = "sourceOwnCoreAloneInsertsPerSecond";
    static final String OWN_CORE_DEBEZIUM = "sourceOwnCoreDebeziumInsertsPerSecond";
    static final String OWN_CORE_CAPTURED = "sourceOwnCoreCapturedInsertsPerSecond";

    private static final int WRITERS = 4;
    private static final Duration WINDOW = Duration.ofSeconds(8);

    private final Trial trial;

    private SourceSpeed(Trial trial) {
        this.trial = trial;
    }

    /** In turns, as the table of orders grows meanwhile. */
    static void measure(Trial trial, Values values) throws Exception {
        SourceSpeed speed = new SourceSpeed(trial);
        Deployment deployment = trial.deployment();
        speed.insertsPerSecond(); // a warm-up
        Optional<Cores> cores = Cores.ofThisMachine();
        if (cores.isPresent()) {
            speed.measureOnOwnCore(cores.get(), values);
        }
        double before = speed.insertsPerSecond();
        deployment.start(Deployment.Part.INGEST);
        trial.awaitCaptured(trial.sourceEnd());
        values.add(CAPTURED, speed.insertsPerSecond());
        deployment.start(Deployment.Part.STREAMS);
        deployment.start(Deployment.Part.SINK);
        trial.awaitTakenIn();
        values.add(BESIDE_PIPELINE, speed.insertsPerSecond());
        trial.awaitTakenIn();
        deployment.close();
        values.add(ALONE, (before + speed.insertsPerSecond()) / 2);
        deployment.startAll();
        trial.awaitTakenIn();
    }

    /**
     * As if the source were a machine of its own: PostgreSQL, with the process that decodes for the capture, and those who write
     * share a core; what captures has others.
     */
    private void measureOnOwnCore(Cores cores, Values values) throws Exception {
        EmbeddedServers servers = trial.bed().servers();
        ProcessHandle here = ProcessHandle.current();
        ProcessHandle postgres = handle(servers.postgres().pid());
        ProcessHandle kafka = handle(servers.kafka().pid());
        Deployment deployment = trial.deployment();
        try {
            cores.keepOnFirst(here);
            cores.keepOnFirst(postgres);
            cores.keepOnOthers(kafka);
            double before = insertsPerSecond();
            try (DebeziumAlone alone = DebeziumAlone.behindSnapshot(trial)) {
                cores.keepOnOthers(handle(alone.pid()));
                values.add(OWN_CORE_DEBEZIUM, insertsPerSecond());
            }
            trial.dropSlot();
            deployment.start(Deployment.Part.INGEST);
            cores.keepOnOthers(handle(deployment.process(Deployment.Part.INGEST).pid()));
            trial.awaitCaptured(trial.sourceEnd());
            values.add(OWN_CORE_CAPTURED, insertsPerSecond());
            trial.awaitCaptured(trial.sourceEnd());
            deployment.close();
            values.add(OWN_CORE_ALONE, (before + insertsPerSecond()) / 2);
        } finally {
            cores.setFree(here);
            cores.setFree(postgres);
            cores.setFree(kafka);
        }
    }

    private static ProcessHandle handle(long pid) {
        return ProcessHandle.of(pid).orElseThrow(() -> new MeasurementException("process " + pid + " has ended"));
    }

    private double insertsPerSecond() throws Exception {
        trial.execute("CHECKPOINT");
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
        try {
            Duration window = trial.options().shortened(WINDOW);
            long began = trial.nanoTime();
            List<Future<Long>> counts = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                int writer = i;
                counts.add(writers.submit(() -> insert(window, writer)));
            }
            long inserted = 0;
            for (Future<Long> count : counts) {
                inserted += count.get();
            }
            return inserted / trial.secondsSince(began);
        } finally {
            writers.shutdownNow();
        }
    }

    private long insert(Duration window, int writer) throws SQLException {
        SplittableRandom random = new SplittableRandom(writer);
        int users = trial.options().users();
        try (Connection connection = trial.database().connect();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO orders (user_id, total) VALUES (?, 9.99)")) {
            Deadline end = Deadline.in(window);
            long inserted = 0;
            while (!end.isPast()) {
                insert.setInt(1, random.nextInt(1, users + 1));
                insert.executeUpdate();
                inserted++;
            }
            return inserted;
        }
    }
}
