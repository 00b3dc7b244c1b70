package dev.freshet.sink.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.freshet.schemas.feature.FeatureUpdate.Row;
import dev.freshet.schemas.feature.FeatureValue;
import dev.freshet.sink.sql.Poll.Broken;

class GenerationWriterIT {
    private static final String TABLE =
            "SELECT user_id, order_count_7d, incomplete, version FROM user_features_g1 ORDER BY user_id";
    private static final String HISTORY = "SELECT user_id, version, removed, incomplete, order_count_7d,"
            + " held_until IS NULL FROM user_features_held WHERE generation = 1 ORDER BY user_id, version, held_from";
    private static final String MARKS =
            "SELECT part, version, lsn, extract(epoch FROM source_time)::int" + " FROM freshet_watermark ORDER BY part";

    private final Entries entries = new Entries();
    private final GenerationWriter writer = new GenerationWriter(Target.G1, Target.COLUMNS, "now()");
    private final List<Broken> letters = new ArrayList<>();
    private Target target;

    @BeforeEach
    void createTarget() throws SQLException {
        target = new Target();
        writer.positions(target.connection(), List.of(0, 1), raw -> {
            throw new AssertionError("nothing waits in a new target");
        });
    }

    @AfterEach
    void closeTarget() throws SQLException {
        target.close();
    }

    @Test
    void aUserIsInsertedUpdatedRemovedAndCreatedAgainAndTheHistoryTellsAll() throws SQLException {
        assertThat(write(entries.row(0, 7, 10))).isEqualTo(new Written(1, 0, 0, 0, List.of()));
        write(entries.row(0, 7, 11));
        assertThat(write(entries.removal(0, 7, 12))).isEqualTo(new Written(0, 1, 0, 0, List.of()));
        assertThat(target.query(TABLE)).isEmpty();
        write(entries.row(0, 7, 13));

        assertThat(target.query(TABLE)).containsExactly("7|13|f|13");
        assertThat(target.query(HISTORY))
                .containsExactly("7|10|f|f|10|f", "7|11|f|f|11|f", "7|12|t|f|-|f", "7|13|f|f|13|t");
        assertThat(target.query("SELECT count(*) FROM user_features_held a JOIN user_features_held b"
                        + " ON a.held_until = b.held_from AND a.version < b.version"))
                .containsExactly("3");
    }

    @Test
    void allValuesArriveExactly() throws SQLException {
        write(entries.row(0, 7, 10));
        assertThat(target.query("SELECT * FROM user_features_g1"))
                .containsExactly("7|10|10|10.0000|2026-03-31|1970-01-01 00:00:10+00|-|f|10");
    }

    @Test
    void whatABatchSupersedesIsNeverHeld() throws SQLException {
        write(entries.row(0, 7, 10).removal(0, 7, 11).row(0, 7, 12));
        assertThat(target.query(HISTORY)).containsExactly("7|12|f|f|12|t");
    }

    @Test
    void aZombiesWriteIsRolledBackAsAWhole() throws SQLException {
        Entries zombies = new Entries();
        GenerationWriter zombie = new GenerationWriter(Target.G1, Target.COLUMNS, "now()");
        Poll late = zombies.row(0, 7, 10).row(1, 8, 10).watermark(0, 10).poll();
        write(entries.row(0, 7, 10));
        write(entries.removal(0, 7, 11));

        try (Connection connection = target.open()) {
            assertThatThrownBy(() -> zombie.write(connection, late, letters::addAll, () -> {}))
                    .isInstanceOf(LostPositionException.class);
        }

        assertThat(target.query(TABLE)).isEmpty();
        assertThat(target.query(MARKS)).isEmpty();
        assertThat(target.query("SELECT part, next FROM freshet_sink_offset ORDER BY part"))
                .containsExactly("0|2", "1|0");
    }

    @Test
    void theGuardRejectsAndCountsWhatIsOlderThanTheTable() throws SQLException {
        write(entries.row(0, 7, 10).row(0, 8, 10));

        assertThat(write(entries.row(0, 7, 9).removal(0, 8, 9).row(0, 9, 9)))
                .isEqualTo(new Written(1, 0, 2, 0, List.of()));

        assertThat(target.query(TABLE)).containsExactly("7|10|f|10", "8|10|f|10", "9|9|f|9");
    }

    @Test
    void watermarksOnlyRise() throws SQLException {
        write(entries.watermark(0, 10).watermark(1, 20));
        write(entries.watermark(0, 9).watermark(1, 21));
        assertThat(target.query(MARKS)).containsExactly("0|10|0/A|10", "1|21|0/15|21");
    }

    @Test
    void aRowThatTheTableRefusesBecomesADeadLetterAndItsUserIncomplete() throws SQLException {
        for (int user = 0; user < 20; user++) {
            entries.row(0, user, 10);
        }
        write(entries);
        Row row = Entries.row(11);
        List<FeatureValue> values = new ArrayList<>(row.values());
        values.set(0, new FeatureValue.Count(3_000_000_000L));
        Row tooLarge = new Row(11, row.computedAt(), null, false, values);
        for (int user = 0; user < 20; user++) {
            entries.user(0, user, user == 13 ? tooLarge : row);
        }

        Written written = write(entries.user(0, 99, tooLarge).watermark(0, 11));

        assertThat(written).isEqualTo(new Written(19, 0, 0, 2, List.of()));
        assertThat(letters).extracting(Broken::user).map(String::valueOf).containsExactly("13", "99");
        assertThat(letters).extracting(letter -> letter.raw().offset()).containsExactly(33L, 40L);
        assertThat(target.query(TABLE)).hasSize(20).contains("12|11|f|11", "13|10|t|10", "14|11|f|11");
        assertThat(target.query(HISTORY)).contains("13|10|f|f|10|f", "13|10|f|t|10|t");
        assertThat(target.query(MARKS)).isEmpty();

        write(entries.row(0, 13, 12).watermark(0, 12));
        assertThat(target.query(TABLE)).contains("13|12|f|12");
        assertThat(target.query(MARKS)).isEmpty();

        write(entries.row(0, 99, 13).watermark(0, 13));
        assertThat(target.query(MARKS)).containsExactly("0|13|0/D|13");
    }

    @Test
    void aBrokenEntryBehindAGoodOneOfTheSamePollFlagsIt() throws SQLException {
        write(entries.row(0, 7, 11).broken(0, 7L).watermark(0, 11));

        assertThat(target.query(TABLE)).containsExactly("7|11|t|11");
        assertThat(target.query(HISTORY)).containsExactly("7|11|f|t|11|t");
        assertThat(target.query(MARKS)).containsExactly("0|11|0/B|11");
    }

    @Test
    void aBrokenEntryOfAUserWithoutARowHoldsTheWatermarkUntilTheUserIsToldOfAgain() throws SQLException {
        write(entries.row(0, 9, 10).watermark(0, 10).watermark(1, 10));
        write(entries.broken(0, 7L).broken(0, 8L).watermark(0, 11).watermark(1, 11));
        assertThat(target.query(MARKS)).containsExactly("0|10|0/A|10", "1|11|0/B|11");

        GenerationWriter successor = new GenerationWriter(Target.G1, Target.COLUMNS, "now()");
        successor.write(
                target.connection(), entries.row(0, 7, 12).watermark(0, 12).poll(), letters::addAll, () -> {});
        assertThat(target.query(MARKS)).contains("0|10|0/A|10");

        write(entries.removal(0, 8, 13).watermark(0, 13));
        assertThat(target.query(MARKS)).contains("0|13|0/D|13");
        assertThat(target.query("SELECT count(*) FROM freshet_sink_lost")).containsExactly("0");
    }

    @Test
    void anEntryOfAnUnknownUserHoldsTheWatermark() throws SQLException {
        write(entries.row(0, 7, 10).watermark(0, 10));
        write(entries.broken(0, null).watermark(0, 11).watermark(1, 11));
        write(entries.row(0, 7, 12).watermark(0, 12));

        assertThat(target.query(MARKS)).containsExactly("0|10|0/A|10", "1|11|0/B|11");
        assertThat(target.query("SELECT part, user_id FROM freshet_sink_lost")).containsExactly("0|unknown");
    }

    @Test
    void aRowThatWaitedIsFlaggedWhenALaterEntryOfItsUserWasBroken() throws SQLException {
        referenceUsers("");
        write(entries.row(0, 7, 10));
        write(entries.broken(0, 7L).watermark(0, 11));
        assertThat(target.query(MARKS)).isEmpty();
        target.run("INSERT INTO users VALUES (7)");

        write(entries.watermark(0, 12));

        assertThat(target.query(TABLE)).containsExactly("7|10|t|10");
        assertThat(target.query(MARKS)).containsExactly("0|12|0/C|12");
    }

    @Test
    void anEntryWithoutMeaningBecomesADeadLetterAndItsUserIncomplete() throws SQLException {
        write(entries.row(0, 7, 10).row(0, 8, 10));

        write(entries.broken(0, 7L).broken(0, null).broken(0, 8L).row(0, 8, 11));

        assertThat(letters).hasSize(3);
        assertThat(target.query(TABLE)).containsExactly("7|10|t|10", "8|11|f|11");
    }

    @Test
    void nothingIsWrittenWhenTheDeadLettersCannotBe() throws SQLException {
        Poll poll = entries.broken(0, 7L).row(0, 8, 10).poll();
        assertThatThrownBy(() -> writer.write(
                        target.connection(),
                        poll,
                        broken -> {
                            throw new IllegalStateException("no broker");
                        },
                        () -> {}))
                .hasMessage("no broker");
        assertThat(target.query(TABLE)).isEmpty();
        assertThat(target.query("SELECT next FROM freshet_sink_offset WHERE part = 0"))
                .containsExactly("0");
    }

    @Test
    void aRowWhoseUserTheForeignKeyMissesWaitsForItsRemoval() throws SQLException {
        referenceUsers("");
        target.run("INSERT INTO users VALUES (7), (8), (9)");
        write(entries.row(0, 7, 10).watermark(0, 10));
        target.run("DELETE FROM users WHERE id = 7");

        Written written = write(entries.row(0, 7, 11)
                .row(0, 8, 11)
                .row(1, 9, 11)
                .watermark(0, 11)
                .watermark(1, 11));

        assertThat(written.waiting()).hasSize(1);
        assertThat(target.query(TABLE)).containsExactly("8|11|f|11", "9|11|f|11");
        assertThat(target.query(MARKS)).containsExactly("0|10|0/A|10", "1|11|0/B|11");
        assertThat(writer.waitingPartitions()).isEqualTo(Set.of(0));

        write(entries.removal(0, 7, 12).watermark(0, 12));

        assertThat(letters).isEmpty();
        assertThat(writer.waitingPartitions()).isEmpty();
        assertThat(target.query(MARKS)).contains("0|12|0/C|12");
        assertThat(target.query("SELECT count(*) FROM freshet_sink_waiting")).containsExactly("0");
    }

    @Test
    void aRowThatWaitsIsWrittenWhenItsUserCome() throws SQLException {
        referenceUsers("DEFERRABLE INITIALLY DEFERRED");
        Poll poll = entries.row(0, 7, 10).watermark(0, 10).poll();
        write(poll);
        assertThat(target.query(TABLE)).isEmpty();

        // Another instance takes over, and learns from the target what waits.
        GenerationWriter successor = new GenerationWriter(Target.G1, Target.COLUMNS, "now()");
        successor.positions(target.connection(), List.of(0, 1), raw -> {
            assertThat(raw.key()).isEqualTo(poll.entries().get(0).raw().key());
            return new Poll.Entry(
                    raw, poll.entries().get(0).key(), poll.entries().get(0).update());
        });
        successor.write(target.connection(), entries.nothing(0).poll(), letters::addAll, () -> {});
        assertThat(successor.waitingPartitions()).isEqualTo(Set.of(0));
        target.run("INSERT INTO users VALUES (7)");
        successor.write(target.connection(), entries.nothing(0).poll(), letters::addAll, () -> {});

        assertThat(target.query(TABLE)).containsExactly("7|10|f|10");
        assertThat(successor.waitingPartitions()).isEmpty();
        assertThat(letters).isEmpty();
    }

    @Test
    void aBatchOfManyRowsIsWrittenInOneTransaction() throws SQLException {
        for (int user = 0; user < 2_000; user++) {
            entries.row(user % 2, user, 10);
        }
        assertThat(write(entries).rows()).isEqualTo(2_000);
        assertThat(target.query("SELECT count(DISTINCT held_from) FROM user_features_history"))
                .containsExactly("1");
    }

    private void referenceUsers(String deferrable) throws SQLException {
        target.run("CREATE TABLE users (id bigint PRIMARY KEY)");
        target.run("ALTER TABLE user_features_g1 ADD CONSTRAINT of_user FOREIGN KEY (user_id)"
                + " REFERENCES users (id) ON DELETE CASCADE " + deferrable);
    }

    private Written write(Entries more) throws SQLException {
        return write(more.poll());
    }

    private Written write(Poll poll) throws SQLException {
        return writer.write(target.connection(), poll, letters::addAll, () -> {});
    }
}
