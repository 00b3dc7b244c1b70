package dev.freshet.e2e.faults;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.Stream;

import dev.freshet.e2e.bed.Bed;
import dev.freshet.e2e.bed.Instance;
import dev.freshet.e2e.bed.Part;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.GenerationState;
import dev.freshet.runtime.generation.Generations;
import dev.freshet.testkit.process.ChildJvm;

/** kill -9 while a generation is built beside the live one, or while readers are turned to it. Healed, readers see the new one. */
final class BuildKills {
    private static final Duration BUILD = Duration.ofMinutes(2);
    private static final Duration LOOK = Duration.ofMillis(3);
    private static final Duration FOR_THE_SINK = Duration.ofMillis(1_500);

    /** Of the command that turns readers, while it has done something and is not through with it. */
    private static final String IN_A_TURN =
            "SELECT count(*) > 0 FROM pg_stat_activity WHERE application_name = 'freshet-replay' AND backend_xid IS NOT NULL";

    private BuildKills() {}

    static Stream<Fault> all() {
        return Stream.of(
                new Fault(
                        "kill-ingest-snapshot",
                        "kill -9 of ingest in the middle of a snapshot; the build is begun anew, and readers are turned to it",
                        BuildKills::inSnapshot),
                new Fault(
                        "kill-streams-sweep",
                        "kill -9 of streams while it emits every user of a new build for the first time",
                        BuildKills::inSweep),
                new Fault(
                        "kill-swap",
                        "kill -9 of the command that turns readers to another generation, within its transaction",
                        BuildKills::inSwap));
    }

    private static Strike inSnapshot(Bed bed, SplittableRandom random) throws Exception {
        Builds builds = new Builds(bed);
        Instance ingest = bed.first(Part.INGEST);
        NextLife next = NextLife.of(bed, ingest);
        Generation build = builds.startFromSource(false);
        long rows = random.nextInt(1, bed.tables().quietOrders());
        String log = bed.names().changes(build.number());
        bed.patience(BUILD)
                .until("the middle of a snapshot", LOOK, () -> bed.logEnds().committed(log) >= rows);
        bed.processes().kill(ingest);
        String found = next.awaitLine("found log=" + build.number() + " ");
        if (!found.contains("decision=NextGeneration")) {
            builds.finish();
            throw new MissedException("the snapshot had been completed: " + found);
        }
        return Strike.until(builds::finish);
    }

    private static Strike inSweep(Bed bed, SplittableRandom random) throws Exception {
        Builds builds = new Builds(bed);
        Instance streams = bed.first(Part.STREAMS);
        Generation build = random.nextBoolean() ? builds.startFromLog() : builds.startFromSource(false);
        String features = bed.names().features(build.number());
        int emitted = 1 + random.nextInt(300);
        boolean hit;
        streams.hold();
        try {
            bed.patience(BUILD)
                    .until("the middle of a sweep", LOOK, () -> bed.logEnds().written(features) >= emitted);
            bed.processes().kill(streams);
            bed.time().pause(FOR_THE_SINK);
            // Of a partition that is swept the watermark is passed on, and the sink has had the time to write it.
            hit = bed.tables().number("SELECT count(*) FROM freshet_watermark WHERE generation = " + build.number())
                    < build.partitions();
        } finally {
            streams.release();
        }
        if (!hit) {
            builds.finish();
            throw new MissedException("all partitions were swept");
        }
        return Strike.until(builds::finish);
    }

    private static Strike inSwap(Bed bed, SplittableRandom random) throws Exception {
        Builds builds = new Builds(bed);
        builds.startFromLog();
        Generation build = builds.awaitComplete();
        boolean hit;
        try (Connection reader = bed.tables().connect();
                Statement statement = reader.createStatement();
                ChildJvm swap = ChildJvm.running("dev.freshet.cli.Freshet")
                        .jvmOptions("-Xmx256m", "-XX:+UseSerialGC")
                        .arguments(
                                "replay",
                                "swap",
                                "--force",
                                "--config",
                                bed.yaml().toString())
                        .output(bed.yaml().resolveSibling("swap-" + build.number() + ".log"))
                        .start()) {
            reader.setAutoCommit(false);
            statement.execute("SELECT user_id FROM user_features LIMIT 1"); // the swap has to wait for us
            bed.patience(BUILD).until("the swap's transaction", LOOK, () -> isInATurn(bed) || !swap.isAlive());
            bed.time().pause(Duration.ofMillis(random.nextInt(50)));
            swap.killHard();
            hit = isInATurn(bed);
            reader.rollback();
        }
        // Or it was in time, and readers see the new one.
        Strike.Healing turn = () -> {
            if (state(bed, build) == GenerationState.BUILDING) {
                builds.swapTo(build);
            }
            builds.dropOthers();
        };
        if (!hit) {
            turn.heal();
            throw new MissedException("the command was between two attempts, or through");
        }
        return Strike.until(turn);
    }

    private static boolean isInATurn(Bed bed) throws SQLException {
        return bed.tables().holds(IN_A_TURN);
    }

    private static GenerationState state(Bed bed, Generation generation) throws SQLException {
        try (Connection connection = bed.tables().connect()) {
            return new Generations(connection)
                    .find(generation.number())
                    .orElseThrow()
                    .state();
        }
    }
}
