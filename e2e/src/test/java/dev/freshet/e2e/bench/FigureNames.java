package dev.freshet.e2e.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What the whole benchmark tells on a machine, name by name. Whoever reads its JSON rests on them. */
final class FigureNames {
    private static final List<String> PROCESSES = List.of("Ingest", "Streams", "Sink");

    private final boolean hasProc;
    private final boolean hasCores;
    private final boolean hasPgbench;

    private FigureNames(boolean hasProc, boolean hasCores, boolean hasPgbench) {
        this.hasProc = hasProc;
        this.hasCores = hasCores;
        this.hasPgbench = hasPgbench;
    }

    /** Of all that is measured, but for what this machine has no means for. */
    static Set<String> ofThisMachine() {
        boolean hasProc = Files.exists(Path.of("/proc/self/stat"));
        return new FigureNames(
                        hasProc,
                        Cores.ofThisMachine().isPresent(),
                        Pgbench.ofThisMachine().isPresent())
                .all();
    }

    private Set<String> all() {
        Set<String> names = new LinkedHashSet<>();
        Stream.of(
                        debezium(),
                        bootstrap(),
                        burst(),
                        samples("visibleAtRestMillis"),
                        load(),
                        samples("expiryLateMillis"),
                        lookups(),
                        Stream.of("killStreamsSeconds", "killAllSeconds"),
                        Stream.of("stateBytesPerOrder", "stateBytesPerOrderUncompacted"),
                        Stream.of(
                                HeavyUser.LIGHT_CPU,
                                HeavyUser.HEAVY_CPU,
                                HeavyUser.LIGHT_NEWEST_CPU,
                                HeavyUser.HEAVY_NEWEST_CPU),
                        source(),
                        ratios())
                .flatMap(some -> some)
                .forEach(names::add);
        return names;
    }

    private static Stream<String> debezium() {
        return Stream.of(
                DebeziumAlone.SNAPSHOT_SECONDS,
                "debeziumSnapshotCpuMicros",
                DebeziumAlone.BURST_SECONDS,
                "debeziumBurstCpuMicros");
    }

    private Stream<String> bootstrap() {
        Stream<String> memory = Stream.concat(
                Stream.of("residentMegabytes"),
                PROCESSES.stream()
                        .flatMap(process ->
                                Stream.of("residentMegabytes" + process, "residentPeakMegabytes" + process)));
        return concat(
                Stream.of(Bootstrap.SECONDS, "bootstrapOrdersPerSecond"),
                cpu("bootstrap"),
                hasProc ? memory : Stream.empty());
    }

    private Stream<String> burst() {
        return concat(Stream.of(Burst.SECONDS, "burstSecondsFromCommit", "burstOrdersPerSecond"), cpu("burst"));
    }

    private Stream<String> load() {
        return concat(Stream.of("loadChangesPerSecond"), cpu("load"), samples("visibleUnderLoadMillis"));
    }

    private Stream<String> lookups() {
        Stream<String> pgbench = concat(
                Stream.of(Lookups.PGBENCH_PER_SECOND),
                samples(Lookups.PGBENCH_MILLIS),
                samples(Lookups.PGBENCH_HUNDRED_MILLIS));
        return concat(
                hasPgbench ? pgbench : Stream.empty(),
                Stream.of(Lookups.SQL_PER_SECOND, "lookupHttpOnePerSecond"),
                samples(Lookups.HTTP_ONE_MILLIS),
                samples(Lookups.HTTP_HUNDRED_MILLIS));
    }

    private Stream<String> source() {
        Stream<String> ownCore =
                Stream.of(SourceSpeed.OWN_CORE_ALONE, SourceSpeed.OWN_CORE_DEBEZIUM, SourceSpeed.OWN_CORE_CAPTURED);
        return concat(
                Stream.of(SourceSpeed.ALONE, SourceSpeed.CAPTURED, SourceSpeed.BESIDE_PIPELINE),
                hasCores ? ownCore : Stream.empty());
    }

    private Stream<String> ratios() {
        return Arrays.stream(Ratios.values())
                .map(Ratios::figure)
                .filter(name -> hasCores || !name.startsWith("sourceOwnCore"))
                .filter(name -> hasPgbench || !name.startsWith("lookup"));
    }

    private Stream<String> cpu(String prefix) {
        return concat(PROCESSES.stream(), Stream.of("Kafka"), hasProc ? Stream.of("Postgres") : Stream.empty())
                .map(process -> prefix + "CpuMicros" + process);
    }

    private static Stream<String> samples(String name) {
        return Stream.of("P50", "P99", "Max", "Samples").map(what -> name + what);
    }

    @SafeVarargs
    private static Stream<String> concat(Stream<String>... parts) {
        return Stream.of(parts).flatMap(part -> part);
    }
}
