package dev.freshet.sink.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HistoryDaysIT {
    /** The target's clock, set by the test. */
    private static final String CLOCK = "(SELECT at FROM clock)";

    private final HistoryDays days = new HistoryDays(CLOCK, Duration.ofDays(2));
    private final GenerationWriter writer = new GenerationWriter(Target.G1, Target.COLUMNS, CLOCK);
    private final Entries entries = new Entries();
    private Target target;

    @BeforeEach
    void createTarget() throws SQLException {
        target = new Target();
        for (LocalDate day : days.existing(target.connection())) {
            target.run("DROP TABLE user_features_history_d" + day.toString().replace("-", ""));
        }
        target.run("CREATE TABLE clock AS SELECT '2026-03-31 23:59:59.999999+00'::timestamptz AS at");
        writer.positions(target.connection(), List.of(0), raw -> {
            throw new AssertionError("nothing waits in a new target");
        });
    }

    @AfterEach
    void closeTarget() throws SQLException {
        target.close();
    }

    @Test
    void writingGoesOnOverMidnight() throws SQLException {
        days.makeAhead(target.connection());
        write(10);
        setClock("2026-04-01 00:00:00+00");
        write(11);
        setClock("2026-04-02 12:00:00+00");
        days.makeAhead(target.connection());
        write(12);
        setClock("2026-04-04 23:59:59.999999+00");
        write(13);

        assertThat(target.query("SELECT tableoid::regclass, version FROM user_features_history ORDER BY version"))
                .containsExactly(
                        "user_features_history_d20260331|10",
                        "user_features_history_d20260401|11",
                        "user_features_history_d20260402|12",
                        "user_features_history_d20260404|13");
    }

    @Test
    void aClockThatJumpsBeyondWhatIsMadeIsNoBadRow() throws SQLException {
        days.makeAhead(target.connection());
        setClock("2027-01-01 00:00:00+00");
        Poll poll = entries.row(0, 7, 10).poll();
        assertThatThrownBy(() -> write(poll)).isInstanceOf(MissingDayException.class);

        days.makeAhead(target.connection());
        write(poll);

        assertThat(target.query("SELECT version FROM user_features_g1")).containsExactly("10");
    }

    @Test
    void daysOlderThanTheRetentionAreDropped() throws SQLException {
        days.makeAhead(target.connection());
        write(10);
        setClock("2026-04-02 23:59:59+00");
        days.makeAhead(target.connection());
        days.dropOld(target.connection());
        assertThat(days.existing(target.connection())).startsWith(LocalDate.of(2026, 3, 31));

        setClock("2026-04-03 00:00:00+00");
        days.dropOld(target.connection());

        assertThat(days.existing(target.connection()))
                .containsExactly(
                        LocalDate.of(2026, 4, 1),
                        LocalDate.of(2026, 4, 2),
                        LocalDate.of(2026, 4, 3),
                        LocalDate.of(2026, 4, 4));
        assertThat(target.query("SELECT * FROM user_features_history")).isEmpty();
    }

    @Test
    void makingADayWaitsForNoReaderAndDroppingOneGivesUpSoon() throws SQLException {
        days.makeAhead(target.connection());
        try (Connection reader = target.open();
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.executeQuery("SELECT * FROM user_features_history");
            setClock("2026-04-09 00:00:00+00");
            days.makeAhead(target.connection());
            assertThat(days.existing(target.connection())).contains(LocalDate.of(2026, 4, 11));
            assertThatThrownBy(() -> days.dropOld(target.connection()))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("55P03"));
        }
        days.dropOld(target.connection());
        assertThat(days.existing(target.connection())).startsWith(LocalDate.of(2026, 4, 8));
    }

    private void write(long version) throws SQLException {
        write(entries.row(0, 7, version).poll());
    }

    private void write(Poll poll) throws SQLException {
        writer.write(target.connection(), poll, letters -> {}, () -> {});
    }

    private void setClock(String to) throws SQLException {
        target.run("UPDATE clock SET at = '" + to + "'");
    }
}
