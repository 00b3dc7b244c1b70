package dev.freshet.serving.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** How JSON is read and written here: as a stream, with nothing taken over from a client beyond these limits. */
final class Json {
    static final int DEEPEST = 8;
    static final int LONGEST_TEXT = 4_096;
    private static final int LONGEST_NUMBER = 40;
    private static final int LONGEST_NAME = 128;
    private static final int USUAL_SIZE = 512;
    private static final int USUAL_SIZE_OF_USER = 384;

    static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxStringLength(LONGEST_TEXT)
                    .maxNumberLength(LONGEST_NUMBER)
                    .maxNameLength(LONGEST_NAME)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private Json() {}

    /** Writes one document. */
    @FunctionalInterface
    interface Document {
        void write(JsonGenerator json) throws IOException;
    }

    static byte[] bytes(Document document) {
        return bytes(0, document);
    }

    /** @param users of about so many rows, so that it is not copied as it grows */
    static byte[] bytes(int users, Document document) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_SIZE + users * USUAL_SIZE_OF_USER);
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            document.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
