package dev.freshet.schemas.avro;

import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.schemas.change.Change;
import dev.freshet.schemas.change.ChangeKey;
import dev.freshet.schemas.feature.FeatureKey;
import dev.freshet.schemas.feature.FeatureUpdate;
import dev.freshet.schemas.record.DeadLetter;
import dev.freshet.schemas.record.IngestPosition;

/** The Avro form of everything that Freshet writes to Kafka. */
public final class FreshetAvro {
    private FreshetAvro() {}

    /** Keys of the change log. */
    public static PlainAvro<ChangeKey> changeKeys() {
        return new PlainAvro<>(new ChangeKeyCodec());
    }

    /** Values of the change log. */
    public static AvroCodec<Change> changes(Catalogue catalogue) {
        return new ChangeCodec(catalogue);
    }

    /** Keys of the features topic. */
    public static PlainAvro<FeatureKey> featureKeys() {
        return new PlainAvro<>(new FeatureKeyCodec());
    }

    /** Values of the features topic. */
    public static AvroCodec<FeatureUpdate> featureUpdates(Catalogue catalogue) {
        return new FeatureUpdateCodec(catalogue);
    }

    /** Values of the topic of ingest positions. */
    public static AvroCodec<IngestPosition> ingestPositions() {
        return new IngestPositionCodec();
    }

    /** Values of the dead-letter topic. */
    public static AvroCodec<DeadLetter> deadLetters() {
        return new DeadLetterCodec();
    }
}
