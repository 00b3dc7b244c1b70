package dev.freshet.streams;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;

import dev.freshet.runtime.generation.Generation;
import dev.freshet.schemas.Names;
import dev.freshet.schemas.avro.FreshetAvro;
import dev.freshet.schemas.avro.PlainAvro;
import dev.freshet.schemas.avro.RegistryAvro;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.schemas.change.Change;
import dev.freshet.schemas.change.ChangeKey;
import dev.freshet.schemas.feature.FeatureKey;
import dev.freshet.schemas.feature.FeatureUpdate;
import dev.freshet.schemas.record.DeadLetter;

/**
 * The job of one generation: which features, from where to where, and in which form.
 *
 * @param slice how many users a tick emits at the most
 */
record FeatureJob(
        int generation,
        Catalogue catalogue,
        int slice,
        String changesTopic,
        String featuresTopic,
        String deadLettersTopic,
        Codecs codecs) {

    static FeatureJob of(
            Names names, Generation generation, Catalogue catalogue, int slice, SchemaRegistryClient registry) {
        return new FeatureJob(
                generation.number(),
                catalogue,
                slice,
                names.changes(generation.log().number()),
                names.features(generation.number()),
                names.deadLetters(),
                Codecs.of(names, generation, catalogue, registry));
    }

    /** Bytes to values and back. */
    record Codecs(
            PlainAvro<ChangeKey> changeKeys,
            RegistryAvro<Change> changes,
            PlainAvro<FeatureKey> featureKeys,
            RegistryAvro<FeatureUpdate> featureUpdates,
            RegistryAvro<DeadLetter> deadLetters) {

        private static Codecs of(
                Names names, Generation generation, Catalogue catalogue, SchemaRegistryClient registry) {
            return new Codecs(
                    FreshetAvro.changeKeys(),
                    new RegistryAvro<>(
                            registry,
                            Names.subject(names.changes(generation.log().number())),
                            FreshetAvro.changes(catalogue)),
                    FreshetAvro.featureKeys(),
                    new RegistryAvro<>(
                            registry,
                            Names.subject(names.features(generation.number())),
                            FreshetAvro.featureUpdates(catalogue)),
                    new RegistryAvro<>(registry, Names.subject(names.deadLetters()), FreshetAvro.deadLetters()));
        }

        /**
         * Asks the registry for every schema that is needed, so that it is asked no more inside of a transaction.
         *
         * @throws dev.freshet.schemas.avro.RegistryUnavailableException to be tried again
         */
        void register() {
            changes.register();
            featureUpdates.register();
            deadLetters.register();
        }
    }
}
