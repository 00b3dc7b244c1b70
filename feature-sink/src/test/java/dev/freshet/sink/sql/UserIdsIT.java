package dev.freshet.sink.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.freshet.runtime.config.IdType;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.schemas.Id;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.schemas.feature.FeatureUpdate.Removal;
import dev.freshet.sink.sql.Poll.Broken;

/** Users whose ids are no integers. */
class UserIdsIT {
    private static final String UUID = "0191e7d4-0000-7000-8000-00000000000";

    private final Entries entries = new Entries();
    private final List<Broken> letters = new ArrayList<>();

    private static FeatureColumns columns(IdType type) {
        return new FeatureColumns(Catalogue.standard(), type);
    }

    private Written write(Target target, FeatureColumns columns, Entries more) throws SQLException {
        GenerationWriter writer = new GenerationWriter(Target.G1, columns, "now()");
        writer.positions(target.connection(), List.of(0), raw -> {
            throw new AssertionError("nothing waits in a new target");
        });
        return writer.write(target.connection(), more.poll(), letters::addAll, () -> {});
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"UUID|" + UUID + "1|" + UUID + "2", "TEXT|unknown|ünïcode 'quoted', {braced}", "TEXT|''|=7"})
    void rowsRemovalsFlagsAndLostEntriesAreOfTheUserTheyName(IdType type, String one, String other)
            throws SQLException {
        FeatureColumns columns = columns(type);
        try (Target target = new Target(columns)) {
            write(target, columns, entries.user(0, Id.of(one), Entries.row(10)).watermark(0, 10));
            write(
                    target,
                    columns,
                    entries.brokenOf(0, Id.of(one)).brokenOf(0, Id.of(other)).watermark(0, 11));
            assertThat(target.query("SELECT user_id, version, incomplete FROM user_features_g1"))
                    .containsExactly(one + "|10|t");
            assertThat(target.query("SELECT version FROM freshet_watermark")).containsExactly("10");

            write(
                    target,
                    columns,
                    entries.user(0, Id.of(other), Entries.row(12)).watermark(0, 12));
            assertThat(target.query("SELECT version FROM freshet_watermark")).containsExactly("12");
            write(target, columns, entries.user(0, Id.of(one), new Removal(13, 13_000_000)));
            assertThat(target.query("SELECT user_id FROM user_features_g1")).containsExactly(other);
            assertThat(target.query("SELECT user_id FROM user_features_history WHERE removed"))
                    .containsExactly(one);
            assertThat(letters).hasSize(2);
        }
    }

    @Test
    void anIdOfAnotherTypeStopsTheSinkAndNothingIsWritten() throws SQLException {
        assertRefuses(IdType.UUID, Id.of("ann"));
        assertRefuses(IdType.UUID, Id.of(7));
        assertRefuses(IdType.TEXT, Id.of(7));
        assertRefuses(IdType.BIGINT, Id.of("7"));
    }

    private void assertRefuses(IdType type, Id user) throws SQLException {
        FeatureColumns columns = columns(type);
        try (Target target = new Target(columns)) {
            assertThatThrownBy(() -> write(target, columns, new Entries().user(0, user, Entries.row(10))))
                    .isInstanceOf(Stop.Operator.class)
                    .hasMessageContaining("user " + user + " of the features topic is no " + type.sqlName());
            assertThat(target.query("SELECT * FROM user_features_g1")).isEmpty();
        }
    }

    @Test
    void aTargetThatKeepsUsersOfAnotherTypeIsRefused() throws SQLException {
        try (Target target = new Target()) {
            TargetSchema schema = new TargetSchema(columns(IdType.UUID), Target.VIEWS);
            assertThatThrownBy(() -> schema.ensureShared(target.connection()))
                    .isInstanceOf(Stop.Operator.class)
                    .hasMessageContaining("keeps users of type bigint, and source.users.id.type is uuid")
                    .hasMessageContaining("Name another target.schema");
        }
    }
}
