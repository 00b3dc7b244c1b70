package dev.freshet.runtime.config;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;

import dev.freshet.schemas.Names;
import dev.freshet.schemas.catalogue.Catalogue;

/**
 * All that a deployment is told. Reading it reports everything that is wrong with it at once, and printing it shows no
 * secret.
 *
 * @param names under which it keeps its state, all beginning with the deployment's name
 * @param catalogue the features that it computes
 */
public record FreshetConfig(
        Names names,
        SourceSettings source,
        TargetSettings target,
        KafkaSettings kafka,
        ProcessSettings processes,
        Catalogue catalogue) {

    /**
     * Reads a YAML file; environment variables override it: FRESHET_ and the key in upper case, everything but letters and
     * digits an underscore.
     *
     * @throws ConfigException with every fault of it
     */
    public static FreshetConfig load(Path yaml) {
        return load(yaml, System.getenv());
    }

    /** The same with this environment. */
    public static FreshetConfig load(Path yaml, Map<String, String> environment) {
        return load(yaml, environment, List.of());
    }

    /**
     * The same for a process that starts libraries.
     *
     * @param checks what they would refuse of it is told with all else
     */
    public static FreshetConfig load(Path yaml, Map<String, String> environment, Collection<LibraryCheck> checks) {
        return ConfigReader.read(yaml, environment, false, checks);
    }

    /** The same for a process that runs streams, whose state's directory has to be named and must not be below /tmp. */
    public static FreshetConfig loadForStreams(
            Path yaml, Map<String, String> environment, Collection<LibraryCheck> checks) {
        return ConfigReader.read(yaml, environment, true, checks);
    }

    /** From keys in full, as {@code kafka.bootstrap.servers}, and their values; the environment is not asked. */
    public static FreshetConfig of(Map<String, String> values) {
        return ConfigReader.read(values);
    }

    /** The configuration of the running system that an info file describes; the environment is not asked. */
    public static FreshetConfig fromInfo(Path file) {
        return of(InfoFile.read(file).settings());
    }

    /**
     * What is computed from what, as one line: two configurations with the same line can go on with each other's state, two
     * with different lines cannot.
     */
    public String definition() {
        return DefinitionText.of(this);
    }

    public RegistrySettings registry() {
        return kafka.registry();
    }

    public IngestSettings ingest() {
        return processes.ingest();
    }

    public StreamsSettings streams() {
        return processes.streams();
    }

    public ReconcileSettings reconcile() {
        return processes.reconcile();
    }

    public SinkSettings sink() {
        return processes.sink();
    }

    public ServingSettings serving() {
        return processes.serving();
    }

    public MonitoringSettings monitoring() {
        return processes.monitoring();
    }
}
