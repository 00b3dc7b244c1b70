package dev.freshet.runtime.check;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.schemas.Names;
import dev.freshet.schemas.avro.FreshetAvro;
import dev.freshet.schemas.avro.RegistryAvro;
import dev.freshet.schemas.avro.RegistryClients;

/** The schema registry: whether it answers, and takes what would be registered. */
public final class RegistryChecks implements Checks {
    private final FreshetConfig config;
    private final List<Generation> generations;

    /** @param generations that changes flow into */
    public RegistryChecks(FreshetConfig config, List<Generation> generations) {
        this.config = config;
        this.generations = List.copyOf(generations);
    }

    @Override
    public String subject() {
        return "registry";
    }

    /** @throws dev.freshet.schemas.avro.RegistryUnavailableException if it gives no answer of its own */
    @Override
    public List<Finding> find() throws IOException {
        try (SchemaRegistryClient registry =
                RegistryClients.open(config.registry().url(), config.registry().properties())) {
            List<Finding> findings = new ArrayList<>();
            schemas(registry).forEach((subject, avro) -> {
                if (!avro.isCompatible()) {
                    findings.add(new Finding(
                            "The registry would refuse this version's schema under subject " + subject,
                            "Use the version of Freshet that wrote it, or another name."));
                }
            });
            return findings;
        }
    }

    private Map<String, RegistryAvro<?>> schemas(SchemaRegistryClient registry) {
        Map<String, RegistryAvro<?>> schemas = new LinkedHashMap<>();
        Names names = config.names();
        add(
                schemas,
                names.positions(),
                subject -> new RegistryAvro<>(registry, subject, FreshetAvro.ingestPositions()));
        add(schemas, names.deadLetters(), subject -> new RegistryAvro<>(registry, subject, FreshetAvro.deadLetters()));
        for (Generation generation : generations) {
            add(
                    schemas,
                    names.changes(generation.log().number()),
                    subject -> new RegistryAvro<>(registry, subject, FreshetAvro.changes(config.catalogue())));
            add(
                    schemas,
                    names.features(generation.number()),
                    subject -> new RegistryAvro<>(registry, subject, FreshetAvro.featureUpdates(config.catalogue())));
        }
        return schemas;
    }

    private static void add(
            Map<String, RegistryAvro<?>> schemas, String topic, Function<String, RegistryAvro<?>> avro) {
        schemas.put(Names.subject(topic), avro.apply(Names.subject(topic)));
    }

    /** A schema that is refused is nothing to mend. */
    @Override
    public void fix(Consumer<String> done) {
        // Nothing of it can be mended from here.
    }
}
