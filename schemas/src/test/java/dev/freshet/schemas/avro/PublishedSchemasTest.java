package dev.freshet.schemas.avro;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.freshet.schemas.catalogue.Catalogue;

/**
 * Every version of a schema that was ever released is kept as {@code published/NAME.vN.avsc}. What a running deployment has
 * in its topics must stay readable, and its older processes must be able to read what newer ones write.
 */
class PublishedSchemasTest {
    private static final Path PUBLISHED = Path.of("src/test/resources/published");

    static Stream<Map.Entry<String, Schema>> current() {
        Catalogue catalogue = Catalogue.standard();
        return Map.of(
                "change-key", Schemas.load("change-key"),
                "change", Schemas.change(catalogue),
                "feature-key", Schemas.load("feature-key"),
                "feature-update", Schemas.featureUpdate(catalogue),
                "ingest-position", Schemas.load("ingest-position"),
                "dead-letter", Schemas.load("dead-letter"))
                .entrySet()
                .stream();
    }

    @ParameterizedTest
    @MethodSource("current")
    void everyPublishedVersionIsCompatibleInBothDirections(Map.Entry<String, Schema> schema) throws IOException {
        List<Path> versions = versions(schema.getKey());
        assertThat(versions).as("published versions of %s", schema.getKey()).isNotEmpty();
        for (Path version : versions) {
            Schema published = new Schema.Parser().parse(version.toFile());
            assertThat(compatibility(schema.getValue(), published))
                    .as("what %s wrote is readable", version)
                    .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
            assertThat(compatibility(published, schema.getValue()))
                    .as("%s can read what is written now", version)
                    .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
        }
    }

    @ParameterizedTest
    @MethodSource("current")
    void theNewestPublishedVersionIsTheCurrentOne(Map.Entry<String, Schema> schema) throws IOException {
        List<Path> versions = versions(schema.getKey());
        Path newest = versions.get(versions.size() - 1);
        assertThat(schema.getValue().toString(true))
                .as("%s; a changed schema is published as the next version, the older ones stay", newest)
                .isEqualTo(new Schema.Parser().parse(newest.toFile()).toString(true));
    }

    @ParameterizedTest
    @MethodSource("current")
    void everyFieldIsDocumented(Map.Entry<String, Schema> schema) {
        assertDocumented(schema.getValue());
    }

    private static void assertDocumented(Schema schema) {
        switch (schema.getType()) {
            case RECORD -> {
                assertThat(schema.getDoc())
                        .as("doc of %s", schema.getFullName())
                        .isNotBlank();
                for (Schema.Field field : schema.getFields()) {
                    assertThat(field.doc())
                            .as("doc of %s.%s", schema.getFullName(), field.name())
                            .isNotBlank();
                    assertDocumented(field.schema());
                }
            }
            case UNION -> schema.getTypes().forEach(PublishedSchemasTest::assertDocumented);
            case ENUM ->
                assertThat(schema.getDoc())
                        .as("doc of %s", schema.getFullName())
                        .isNotBlank();
            default -> {}
        }
    }

    private static SchemaCompatibilityType compatibility(Schema reader, Schema writer) {
        return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
                .getType();
    }

    /** In order of their numbers. */
    private static List<Path> versions(String name) throws IOException {
        try (Stream<Path> files = Files.list(PUBLISHED)) {
            return files.filter(file -> file.getFileName().toString().startsWith(name + ".v"))
                    .sorted(java.util.Comparator.comparingInt(PublishedSchemasTest::number))
                    .toList();
        }
    }

    private static int number(Path file) {
        String name = file.getFileName().toString();
        return Integer.parseInt(name.substring(name.lastIndexOf(".v") + 2, name.lastIndexOf('.')));
    }
}
