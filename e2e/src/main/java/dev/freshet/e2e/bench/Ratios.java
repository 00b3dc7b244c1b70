package dev.freshet.e2e.bench;

import java.util.Map;
import java.util.function.ObjDoubleConsumer;

/** Figures beside each other; one whose parts were not measured is left out. */
enum Ratios {
    /** Speed of a bootstrap, Debezium alone being 1. */
    BOOTSTRAP("bootstrapRatio", DebeziumAlone.SNAPSHOT_SECONDS, Bootstrap.SECONDS),
    /** Speed of a burst from the start of its statement, Debezium alone being 1. */
    BURST("burstRatio", DebeziumAlone.BURST_SECONDS, Burst.SECONDS),
    /** Cost of a change of a user with very many orders, that of one with ten being 1. */
    HEAVY("hotUserRatio", HeavyUser.HEAVY_CPU, HeavyUser.LIGHT_CPU),
    /** The same when the newest orders go and others come. */
    HEAVY_NEWEST("hotUserNewestRatio", HeavyUser.HEAVY_NEWEST_CPU, HeavyUser.LIGHT_NEWEST_CPU),
    /** What the source takes in while ingest captures it, without it being 1. */
    SOURCE("sourceRatio", SourceSpeed.CAPTURED, SourceSpeed.ALONE),
    /** The same with streams and sink on the same machine, and the table in the same database. */
    SOURCE_BESIDE_ALL("sourceBesidePipelineRatio", SourceSpeed.BESIDE_PIPELINE, SourceSpeed.ALONE),
    /** With ingest and Kafka on other cores than the source and those who write into it. */
    SOURCE_ON_OWN_CORE("sourceOwnCoreRatio", SourceSpeed.OWN_CORE_CAPTURED, SourceSpeed.OWN_CORE_ALONE),
    /** The same with Debezium alone: what PostgreSQL's decoding takes, whoever reads it. */
    SOURCE_ON_OWN_CORE_DEBEZIUM(
            "sourceOwnCoreDebeziumRatio", SourceSpeed.OWN_CORE_DEBEZIUM, SourceSpeed.OWN_CORE_ALONE),
    /** Reads of one row each second, by the pool that serving reads with, those of pgbench being 1. */
    LOOKUP_SQL("lookupSqlRatio", Lookups.SQL_PER_SECOND, Lookups.PGBENCH_PER_SECOND),
    /** What of a hundred lookups of one user the slowest takes over HTTP, that of pgbench's reads being 1. */
    LOOKUP_ONE("lookupHttpOneRatio", Lookups.HTTP_ONE_MILLIS + "P99", Lookups.PGBENCH_MILLIS + "P99"),
    /** The same of a hundred users in each. */
    LOOKUP_HUNDRED("lookupHttpHundredRatio", Lookups.HTTP_HUNDRED_MILLIS + "P99", Lookups.PGBENCH_MILLIS + "P99"),
    /** The least that it can be: of a hundred rows in each of pgbench's own reads. */
    LOOKUP_PGBENCH_HUNDRED(
            "lookupPgbenchHundredRatio", Lookups.PGBENCH_HUNDRED_MILLIS + "P99", Lookups.PGBENCH_MILLIS + "P99");

    private final String name;
    private final String dividend;
    private final String divisor;

    Ratios(String name, String dividend, String divisor) {
        this.name = name;
        this.dividend = dividend;
        this.divisor = divisor;
    }

    /** What the report calls it. */
    String figure() {
        return name;
    }

    static void of(Map<String, Double> figures, ObjDoubleConsumer<String> found) {
        Map<String, Double> known = Map.copyOf(figures);
        for (Ratios ratio : values()) {
            Double above = known.get(ratio.dividend);
            Double below = known.get(ratio.divisor);
            if (above != null && below != null && below != 0) {
                found.accept(ratio.name, above / below);
            }
        }
    }
}
