package dev.freshet.sink.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.generation.Activation;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.GenerationState;
import dev.freshet.runtime.generation.Generations;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.schemas.catalogue.Catalogue;

class ActivationIT {
    private static final String BESIDE =
            "SELECT f.user_id, f.version, f.epoch, c.generation, c.lsn, extract(epoch FROM c.source_time)::int"
                    + " FROM user_features f, freshet_complete_through c WHERE f.user_id = 7";

    private final Activation activation = new Activation(Target.NAMES, Catalogue.standard());
    private Target target;

    @BeforeEach
    void createTarget() throws SQLException {
        target = new Target();
    }

    @AfterEach
    void closeTarget() throws SQLException {
        target.close();
    }

    @Test
    void nothingIsVisibleBeforeEveryPartitionIsComplete() throws SQLException {
        Entries entries = new Entries();
        Writing g1 = new Writing(Target.G1);
        assertThat(target.query(BESIDE)).isEmpty();
        g1.write(entries.row(0, 7, 10).watermark(0, 10));

        assertThat(activate(1)).isEmpty();
        assertThat(target.query("SELECT * FROM user_features")).isEmpty();
        assertThat(target.query("SELECT * FROM freshet_complete_through")).isEmpty();

        g1.write(entries.watermark(1, 20));
        assertThat(activate(1))
                .hasValueSatisfying(live -> assertThat(live.epoch()).isEqualTo(1));
        assertThat(target.query(BESIDE)).containsExactly("7|10|1|1|0/A|10");

        g1.write(entries.watermark(0, 30));
        assertThat(target.query(BESIDE)).containsExactly("7|10|1|1|0/14|20");
    }

    @Test
    void theNextGenerationFollowsOnceItIsAsCompleteAsTheLiveOne() throws SQLException {
        live();
        target.run("CREATE VIEW of_a_reader AS SELECT user_id, order_count_7d FROM user_features");
        target.run("DROP ROLE IF EXISTS a_reader");
        target.run("CREATE ROLE a_reader");
        target.run("GRANT SELECT ON user_features, freshet_complete_through TO a_reader");
        try (Connection reader = target.open();
                PreparedStatement prepared = reader.prepareStatement(BESIDE);
                PreparedStatement star = reader.prepareStatement("SELECT * FROM user_features WHERE user_id = 7")) {
            prepared.unwrap(org.postgresql.PGStatement.class).setPrepareThreshold(1);
            star.unwrap(org.postgresql.PGStatement.class).setPrepareThreshold(1);
            for (int i = 0; i < 8; i++) {
                assertThat(Target.lines(prepared.executeQuery())).containsExactly("7|10|1|1|0/A|10");
                assertThat(Target.lines(star.executeQuery())).hasSize(1);
            }
            Entries entries = new Entries();
            Writing g2 = new Writing(next());
            g2.write(entries.row(0, 7, 5).watermark(0, 9).watermark(1, 30));
            assertThat(activate(2)).isEmpty();
            assertThat(Target.lines(prepared.executeQuery())).containsExactly("7|10|1|1|0/A|10");

            g2.write(entries.watermark(0, 10));
            assertThat(activate(2)).isPresent();

            assertThat(Target.lines(prepared.executeQuery())).containsExactly("7|5|2|2|0/A|10");
            assertThat(Target.lines(star.executeQuery())).hasSize(1);
            assertThat(Target.query(reader, "SELECT * FROM of_a_reader")).containsExactly("7|5");
            Target.query(reader, "SELECT 1");
            try (Statement statement = reader.createStatement()) {
                statement.execute("SET ROLE a_reader");
            }
            assertThat(Target.query(reader, BESIDE)).hasSize(1);
        }
        target.run("DROP OWNED BY a_reader");
        target.run("DROP ROLE a_reader");
    }

    @Test
    void theReadersViewCanBeUpdatedWhenLiveAndTakesNoRowBefore() throws SQLException {
        String insert =
                "INSERT INTO user_features (user_id, computed_at, incomplete, version) VALUES (1, now(), false, 1)";
        assertThatThrownBy(() -> target.run(insert)).hasMessageContaining("check option");
        live();
        target.run("UPDATE user_features SET order_count_7d = 99 WHERE user_id = 7");
        assertThat(target.query("SELECT order_count_7d FROM user_features_g1")).containsExactly("99");
        target.run(insert);
        assertThat(target.query("SELECT count(*) FROM user_features")).containsExactly("2");
    }

    @Test
    void viewsThatAreGoneAreMadeOverWhatIsLive() throws SQLException {
        TargetSchema schema = new TargetSchema(Target.COLUMNS, Target.VIEWS);
        live();
        for (String view : List.of("user_features", "freshet_complete_through")) {
            target.run("DROP VIEW " + view);
            schema.ensureGeneration(target.connection(), Target.G1);
            assertThat(target.query(BESIDE)).as(view).containsExactly("7|10|1|1|0/A|10");
        }
        new Writing(next()).write(new Entries().row(0, 7, 20).watermark(0, 20).watermark(1, 20));
        assertThat(activate(2)).isPresent();
        target.run("DROP VIEW user_features");
        schema.ensureGeneration(target.connection(), Target.G1);
        assertThat(target.query(BESIDE)).as("by the writer of another").containsExactly("7|20|2|2|0/14|20");
    }

    @Test
    void aTableThatWasWrittenIsNotMadeAnewAndWhatIsBuiltInItsPlaceShowsNothingYet() throws SQLException {
        TargetSchema schema = new TargetSchema(Target.COLUMNS, Target.VIEWS);
        live();
        target.run("DROP TABLE user_features_g1 CASCADE");
        assertThatThrownBy(() -> schema.ensureGeneration(target.connection(), Target.G1))
                .isInstanceOf(Stop.Operator.class)
                .hasMessageContaining("user_features_g1 is gone");
        schema.ensureGeneration(target.connection(), Target.G2);
        assertThat(target.query("SELECT * FROM user_features")).isEmpty();
        assertThat(target.query("SELECT * FROM freshet_complete_through")).isEmpty();
    }

    @Test
    void aSwapGivesWayToAReaderAndIsTriedAgain() throws SQLException {
        live();
        new Writing(next()).write(new Entries().watermark(0, 20).watermark(1, 20));
        try (Connection reader = target.open()) {
            reader.setAutoCommit(false);
            Target.query(reader, BESIDE);
            assertThatThrownBy(() -> activate(2))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("55P03"));
            assertThat(new Generations(target.connection()).live().map(Generation::number))
                    .contains(1);
        }
        assertThat(activate(2)).isPresent();
        assertThat(activate(2)).isEmpty();
    }

    /** A reader who was let in before the views were replaced may still have seen the generation before. */
    @Test
    void anEpochBeginsWhenReadersAreShutOutOfTheOneBefore() throws SQLException {
        live();
        new Writing(next()).write(new Entries().watermark(0, 20).watermark(1, 20));
        target.run("CREATE TABLE replaced (at timestamptz)");
        target.run("CREATE FUNCTION note() RETURNS event_trigger LANGUAGE plpgsql AS"
                + " 'BEGIN INSERT INTO replaced VALUES (clock_timestamp()); END'");
        target.run("CREATE EVENT TRIGGER noted ON ddl_command_end WHEN TAG IN ('CREATE VIEW') EXECUTE FUNCTION note()");

        assertThat(activate(2)).isPresent();

        assertThat(
                        target.query(
                                "SELECT count(*), bool_and(at <= live_from), bool_and(live_from = live_at)"
                                        + " FROM replaced, freshet_epoch JOIN freshet_generation USING (generation, epoch) WHERE epoch = 2"))
                .containsExactly("2|t|t");
    }

    @Test
    void aGenerationOfAnotherSourceIsNotHeldAgainstTheOldOnesPosition() throws SQLException {
        live();
        new Generations(target.connection()).allocate(1, 2, "restored source");
        new TargetSchema(Target.COLUMNS, Target.VIEWS).ensureGeneration(target.connection(), Target.G2);
        new Writing(Target.G2).write(new Entries().watermark(0, 1).watermark(1, 1));
        assertThat(activate(2)).isPresent();
    }

    @Test
    void theNextTableHasTheForeignKeysOfTheLiveOne() throws SQLException {
        live();
        target.run("CREATE TABLE users (id bigint PRIMARY KEY)");
        target.run("INSERT INTO users VALUES (7)");
        target.run("ALTER TABLE user_features_g1 ADD FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE");
        next();
        assertThat(target.query("SELECT pg_get_constraintdef(oid) FROM pg_constraint"
                        + " WHERE contype = 'f' AND conrelid = 'user_features_g2'::regclass"))
                .containsExactly("FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE");
    }

    private Optional<Generation> activate(int generation) throws SQLException {
        return activation.activate(target.connection(), generation, GenerationState.BUILDING);
    }

    private void live() throws SQLException {
        new Writing(Target.G1)
                .write(new Entries().row(0, 7, 10).watermark(0, 10).watermark(1, 10));
        assertThat(activate(1)).isPresent();
    }

    private GenerationTarget next() throws SQLException {
        new Generations(target.connection()).allocate(1, 2, "source");
        new TargetSchema(Target.COLUMNS, Target.VIEWS).ensureGeneration(target.connection(), Target.G2);
        return Target.G2;
    }

    /** Writes one generation. */
    private final class Writing {
        private final GenerationWriter writer;

        Writing(GenerationTarget generation) throws SQLException {
            writer = new GenerationWriter(generation, Target.COLUMNS, "now()");
            writer.positions(target.connection(), List.of(0, 1), raw -> {
                throw new AssertionError("nothing waits in a new target");
            });
        }

        void write(Entries entries) throws SQLException {
            writer.write(target.connection(), entries.poll(), letters -> {}, () -> {});
        }
    }
}
