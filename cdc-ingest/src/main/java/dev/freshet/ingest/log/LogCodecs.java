package dev.freshet.ingest.log;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;

import dev.freshet.schemas.Names;
import dev.freshet.schemas.avro.FreshetAvro;
import dev.freshet.schemas.avro.PlainAvro;
import dev.freshet.schemas.avro.RegistryAvro;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.schemas.change.Change;
import dev.freshet.schemas.change.ChangeKey;
import dev.freshet.schemas.record.DeadLetter;
import dev.freshet.schemas.record.IngestPosition;

/** How what ingest writes becomes bytes. */
public record LogCodecs(
        PlainAvro<ChangeKey> keys,
        RegistryAvro<Change> changes,
        RegistryAvro<IngestPosition> positions,
        RegistryAvro<DeadLetter> deadLetters) {

    public static LogCodecs of(SchemaRegistryClient registry, Names names, Catalogue catalogue, int generation) {
        return new LogCodecs(
                FreshetAvro.changeKeys(),
                new RegistryAvro<>(registry, Names.subject(names.changes(generation)), FreshetAvro.changes(catalogue)),
                positions(registry, names),
                new RegistryAvro<>(registry, Names.subject(names.deadLetters()), FreshetAvro.deadLetters()));
    }

    /** Of the positions of every generation. */
    public static RegistryAvro<IngestPosition> positions(SchemaRegistryClient registry, Names names) {
        return new RegistryAvro<>(registry, Names.subject(names.positions()), FreshetAvro.ingestPositions());
    }

    /**
     * Registers every schema, so that no transaction ever waits for the registry.
     *
     * @throws dev.freshet.schemas.avro.RegistryUnavailableException if it is to be tried again
     */
    public void register() {
        changes.register();
        positions.register();
        deadLetters.register();
    }
}
