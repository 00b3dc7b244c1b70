package dev.freshet.sink.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.freshet.runtime.config.IdType;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.GenerationState;
import dev.freshet.runtime.generation.ReaderViews;
import dev.freshet.schemas.catalogue.Catalogue;

class TargetSqlTest {
    private final FeatureColumns columns = new FeatureColumns(Catalogue.standard(), IdType.BIGINT);
    private final GenerationTarget target = new GenerationTarget(3, "user_features_g3", 8);

    @Test
    void theTargetOfTheStandardCatalogueIsAsPublished() throws IOException {
        ReaderViews views = Target.VIEWS;
        List<String> statements = new ArrayList<>(ProgressTables.create().values());
        statements.add(HistoryTable.create(columns));
        statements.add(HistoryTable.createHeldView(
                columns.features().stream().map(FeatureColumns.Column::name).toList()));
        statements.add(FeaturesTable.create(target.table(), columns));
        statements.addAll(views.beforeActivation(3));
        statements.addAll(
                views.over(new Generation(3, GenerationState.LIVE, 2, new Generation.Log(3, 8, "source"), true, "")));
        statements.add(UpsertUsers.sql(target, columns, "now()"));

        assertThat(String.join(";\n\n", statements) + ";\n").isEqualTo(published());
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1970-01-01 00:00:00.000000+00",
        "-1, 1969-12-31 23:59:59.999999+00",
        "1774958400000001, 2026-03-31 12:00:00.000001+00",
        "-62135596800000000, 0001-01-01 00:00:00.000000+00",
        "253402300799999999, 9999-12-31 23:59:59.999999+00",
        "253404892799999999, 10000-01-30 23:59:59.999999+00"
    })
    void instantsAreSpelledToTheMicrosecond(long micros, String text) {
        assertThat(SqlText.instant(micros)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0, 0/0", "24023128, 0/16e9058", "4294967296, 1/0", "-1, ffffffff/ffffffff"})
    void logPositionsAreSpelledAsPostgresDoes(long lsn, String text) {
        assertThat(SqlText.lsn(lsn)).isEqualTo(text);
    }

    private static String published() throws IOException {
        try (InputStream file = TargetSqlTest.class.getResourceAsStream("/target.sql")) {
            assertThat(file).isNotNull();
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
