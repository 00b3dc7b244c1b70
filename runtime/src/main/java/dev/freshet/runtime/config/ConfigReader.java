package dev.freshet.runtime.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.schemas.Names;
import dev.freshet.schemas.catalogue.Catalogue;

/** Asks for every key, section by section, and collects the faults of all of them. */
final class ConfigReader {
    private static final Logger log = LoggerFactory.getLogger(ConfigReader.class);

    private final Values values;
    private final Faults faults;
    private final Map<String, Map<String, String>> passedOn = new HashMap<>();

    ConfigReader(Values values, Faults faults) {
        this.values = values;
        this.faults = faults;
    }

    /**
     * @param computes whether the state's directory is needed, and has to last
     * @param checks of what is passed on
     */
    static FreshetConfig read(
            Path yaml, Map<String, String> environment, boolean computes, Collection<LibraryCheck> checks) {
        Faults faults = new Faults();
        Values values = new Values(YamlTree.read(yaml, faults), environment, faults);
        if (values.inFile().containsAll(InfoFile.OWN)) {
            faults.add(yaml.toString(), null, "is what a demo wrote: name it with --info");
            faults.throwIfAny();
        }
        SecretFile.check(faults, yaml, values.inFile(), values.flag(SecretFile.OPTION, false));
        if (computes) {
            requireLasting(values, faults);
        }
        FreshetConfig config = new ConfigReader(values, faults).config(" in " + yaml, checks);
        // Not a fault: it may be something else's, which begins likewise.
        values.strayVariables().forEach(log::warn);
        return config;
    }

    private static void requireLasting(Values values, Faults faults) {
        String state = values.required(StreamsSettings.STATE_DIR, StreamsSettings.STATE_DIR_CURE);
        try {
            faults.require(
                    !Path.of(state).toAbsolutePath().normalize().startsWith("/tmp"),
                    StreamsSettings.STATE_DIR,
                    state,
                    "is cleared by the system, and the state would be computed anew: name a directory outside of /tmp");
        } catch (InvalidPathException e) {
            faults.add(StreamsSettings.STATE_DIR, state, "write the path of a directory");
        }
    }

    static FreshetConfig read(Map<String, String> settings) {
        Faults faults = new Faults();
        return new ConfigReader(new Values(settings, Map.of(), faults), faults).config("", List.of());
    }

    FreshetConfig config(String origin, Collection<LibraryCheck> checks) {
        Optional<Names> names = names();
        Optional<SourceSettings> source = new SourceReader(values, faults).source(login("source"));
        Optional<TargetSettings> target = faults.collect(this::target);
        Optional<KafkaSettings> kafka = kafka();
        Optional<IngestSettings> ingest = ingest();
        Optional<StreamsSettings> streams = faults.collect(this::streams);
        Optional<SinkSettings> sink = faults.collect(this::sink);
        Optional<ServingSettings> serving = faults.collect(this::serving);
        Optional<ReconcileSettings> reconcile = faults.collect(this::reconcile);
        Optional<MonitoringSettings> monitoring = faults.collect(this::monitoring);
        FeaturesReader features = new FeaturesReader(values, faults);
        Optional<Catalogue> catalogue = features.catalogue();
        for (LibraryCheck check : checks) {
            check.check(faults, passedOn(check.section()));
        }
        values.refuseUnknown();
        faults.throwIfAny(origin, values.strayVariables());
        return new FreshetConfig(
                names.orElseThrow(),
                source.orElseThrow(),
                target.orElseThrow(),
                kafka.orElseThrow(),
                new ProcessSettings(
                        ingest.orElseThrow(),
                        streams.orElseThrow(),
                        sink.orElseThrow(),
                        serving.orElseThrow(),
                        reconcile.orElseThrow(),
                        monitoring.orElseThrow()),
                catalogue.orElseThrow());
    }

    private Optional<Names> names() {
        String name = values.text("name", "freshet");
        try {
            return Optional.of(new Names(name));
        } catch (IllegalArgumentException e) {
            faults.add("name", name, "write up to 40 small letters, digits and '_', beginning with a letter");
            return Optional.empty();
        }
    }

    private DatabaseLogin login(String section) {
        return new DatabaseLogin(
                values.required(section + ".url", "write jdbc:postgresql://host:port/database"),
                values.required(section + ".user", "name the role to log in as"),
                values.secret(section + ".password", values.flag(SecretFile.OPTION, false)));
    }

    private TargetSettings target() {
        @Nullable Duration retention = values.duration("target.history.retention");
        return new TargetSettings(
                login("target"),
                values.text("target.schema", "public"),
                retention == null ? Duration.ofDays(90) : retention);
    }

    private Optional<KafkaSettings> kafka() {
        Optional<RegistrySettings> registry = faults.collect(() -> new RegistrySettings(
                values.required("schema.registry.url", "write http://host:port of the schema registry"),
                passedOn("schema.registry.properties")));
        return faults.collect(() -> new KafkaSettings(
                values.required("kafka.bootstrap.servers", "write host:port of a broker"),
                values.integer("kafka.partitions", 8),
                values.integer("kafka.replication.factor", 1),
                passedOn("kafka.properties"),
                registry.orElseGet(() -> new RegistrySettings("http://localhost", Map.of()))));
    }

    /** Properties of a library. */
    private Map<String, String> passedOn(String section) {
        return passedOn.computeIfAbsent(section, key -> values.below(key, DebeziumKeys::ofVariable));
    }

    private Optional<IngestSettings> ingest() {
        Optional<EngineSettings> engine = faults.collect(() -> new EngineSettings(
                values.millis("ingest.poll.interval.ms", 5),
                values.millis("ingest.heartbeat.interval.ms", 1),
                values.integer("ingest.max.batch.size", 2_048),
                values.integer("ingest.max.queue.size", 8_192),
                passedOn("ingest.properties")));
        return faults.collect(() -> new IngestSettings(
                engine.orElseGet(() -> new EngineSettings(Duration.ofMillis(5), Duration.ofMillis(1), 1, 2, Map.of())),
                values.millis("ingest.tick.interval.ms", 50),
                values.millis("ingest.source.heartbeat.interval.ms", 100),
                values.integer("ingest.slot.max.retained.mb", 32_768),
                values.integer("ingest.max.transaction.changes", 5_000)));
    }

    private StreamsSettings streams() {
        return new StreamsSettings(
                stateDir(),
                values.millis("streams.commit.interval.ms", 20),
                values.integer("streams.num.stream.threads", 1),
                values.integer("streams.num.standby.replicas", 0),
                values.integer("streams.emit.slice", 5_000),
                membership("streams"));
    }

    /** Of an invalid one the default, so that the rest of its section is checked too. */
    private Membership membership(String section) {
        Duration standard = Duration.ofSeconds(10);
        return faults.collect(() -> new Membership(
                        section,
                        values.text(section + ".instance.id", InstanceId.ofThisHost()),
                        values.millis(section + ".session.timeout.ms", (int) standard.toMillis())))
                .orElseGet(() -> new Membership(section, "0", standard));
    }

    private @Nullable Path stateDir() {
        return path(StreamsSettings.STATE_DIR, "write the path of a directory");
    }

    /** Null if it is not there, or no path. */
    private @Nullable Path path(String key, String cure) {
        String path = values.optional(key);
        try {
            return path == null ? null : Path.of(path).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            faults.add(key, path, cure);
            return null;
        }
    }

    private ReconcileSettings reconcile() {
        // YAML takes off for false.
        boolean isOff = List.of("off", "false").contains(values.text(ReconcileSettings.INTERVAL, "off"));
        return new ReconcileSettings(isOff ? null : values.duration(ReconcileSettings.INTERVAL));
    }

    private SinkSettings sink() {
        return new SinkSettings(
                values.integer("sink.max.batch", 2_000),
                values.millis("sink.poll.timeout.ms", 100),
                membership("sink"));
    }

    private ServingSettings serving() {
        return new ServingSettings(
                values.text("serving.host", "127.0.0.1"),
                values.integer("serving.port", 6_566),
                path(ServingSettings.TOKENS_FILE, "write the path of a file"),
                values.millis("serving.max.age.ms", 10_000),
                values.millis("serving.max.wait.ms", 1_000),
                values.integer("serving.pool.size", 8),
                values.integer("serving.max.connections", 1_024));
    }

    private MonitoringSettings monitoring() {
        return new MonitoringSettings(
                values.text("monitoring.host", "127.0.0.1"),
                values.integer("monitoring.port", 9_460),
                values.millis("monitoring.max.age.ms", 60_000));
    }
}
