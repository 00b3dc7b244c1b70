package dev.freshet.ops.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.freshet.ops.HookedTime;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.GenerationState;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.time.Time;

class TurnIT {
    private static final Duration SHORT = Duration.ofMillis(300);

    private Builds builds;
    private Turn turn;

    @BeforeEach
    void prepare() throws SQLException {
        builds = new Builds();
        turn = new Turn(builds.config(), builds.connection(), Time.system());
    }

    @AfterEach
    void close() throws SQLException {
        builds.close();
    }

    @Test
    void aBuildThatIsNotCompleteIsRefused() throws SQLException {
        Generation next = builds.replay().building();
        builds.run("INSERT INTO freshet_watermark VALUES (2, 0, 1, '0/F', now())");
        assertThatThrownBy(() -> turn.to(next, SHORT))
                .isInstanceOf(Stop.Operator.class)
                .hasMessageContaining("1 of 2 partitions");
        assertThat(builds.replay().live().number()).isEqualTo(1);
    }

    @Test
    void aBuildThatIsBehindIsRefusedByLsnAndBySourceTime() throws SQLException {
        Generation next = builds.replay().building();
        builds.watermarks(2, "0/9", Builds.FUTURE);
        assertThatThrownBy(() -> turn.to(next, SHORT))
                .hasMessageContaining("complete through 0/9, behind generation 1");
        builds.watermarks(2, "0/A", "now() - interval '1 second'");
        assertThatThrownBy(() -> turn.to(next, SHORT)).hasMessageContaining("behind generation 1");
        assertThat(builds.replay().building().number()).isEqualTo(2);
    }

    @Test
    void readersAreTurnedAndTurnedBack() throws Exception {
        builds.row(1, 7, 1, "1", 1);
        builds.row(2, 7, 2, "1", 1);
        builds.watermarks(2, "0/A", Builds.FUTURE);
        assertThat(turn.to(builds.replay().building(), SHORT).epoch()).isEqualTo(2);
        assertThat(ordersOf7()).isEqualTo("2 in epoch 2 of generation 2");

        assertThatThrownBy(() -> turn.to(builds.replay().standby(), SHORT))
                .as("it is behind by now")
                .hasMessageContaining("behind generation 2");
        builds.watermarks(1, "0/A", Builds.FUTURE + " + interval '1 minute'");
        assertThat(turn.to(builds.replay().previous(), SHORT).epoch()).isEqualTo(3);
        assertThat(ordersOf7()).isEqualTo("1 in epoch 3 of generation 1");
    }

    /** Two people turn back at the same time, or one of them twice. */
    @Test
    void whoTurnsBackTwiceDoesNotTurnForward() throws Exception {
        builds.watermarks(2, "0/A", Builds.FUTURE);
        turn.to(builds.replay().building(), SHORT);
        builds.watermarks(1, "0/A", Builds.FUTURE + " + interval '1 minute'");
        turn.to(builds.replay().previous(), SHORT);

        assertThatThrownBy(() -> builds.replay().previous())
                .isInstanceOf(Stop.Operator.class)
                .hasMessageContaining("turned back already")
                .hasMessageContaining("--to 2");
        assertThat(builds.replay().standby(2).number()).isEqualTo(2);
        assertThatThrownBy(() -> builds.replay().standby(1)).hasMessageContaining("no standby");
    }

    @Test
    void aReaderThatHoldsTheViewIsGivenWayAndNothingHasChangedThen() throws Exception {
        builds.watermarks(2, "0/A", Builds.FUTURE);
        try (Connection reader = builds.source().open();
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.executeQuery("SELECT * FROM user_features").close();
            assertThatThrownBy(() -> turn.to(builds.replay().building(), SHORT)).hasMessageContaining("held the view");
            assertThat(builds.replay().live()).matches(live -> live.number() == 1 && live.epoch() == 1);
        }
        assertThat(turn.to(builds.replay().building(), SHORT).number()).isEqualTo(2);
    }

    @Test
    void onlyOneReplayIsBuiltAtATime() {
        assertThatThrownBy(() -> builds.replay().start())
                .isInstanceOf(Stop.Operator.class)
                .hasMessageContaining("generation 2 is being built already");
    }

    @Test
    void theLiveOneIsNeverDroppedAndABuildThatIsDroppedIsGone() throws Exception {
        try (KafkaSide kafka = new KafkaSide(builds.config())) {
            Drop drop = new Drop(builds.config(), builds.connection(), kafka, Time.system());
            assertThatThrownBy(() -> drop.run(builds.replay().live(), SHORT)).hasMessageContaining("readers see");
            assertThat(drop.run(builds.replay().droppable(), SHORT)).contains("user_features_g2");
            assertThat(builds.replay().numbered(2).state()).isEqualTo(GenerationState.DROPPED);
            assertThatThrownBy(() -> builds.replay().droppable()).hasMessageContaining("nothing to drop");
            assertThat(builds.replay().start().number()).isEqualTo(3);
        }
    }

    /** Bad inputs, row 30. */
    @Test
    void aDropThatIsInterruptedIsListedUntilItIsGoneOnWith() throws Exception {
        try (KafkaSide kafka = new KafkaSide(builds.config())) {
            Time interrupted = new HookedTime(duration -> {
                throw new InterruptedException();
            });
            Drop first = new Drop(builds.config(), builds.connection(), kafka, interrupted);
            Generation build = builds.replay().building();
            assertThatThrownBy(() -> first.run(build, SHORT)).isInstanceOf(InterruptedException.class);
            assertThat(new GenerationList(builds.connection()).read())
                    .extracting(entry -> entry.generation().note())
                    .containsExactly("", "not all of it is removed yet: freshet replay drop 2 --yes goes on");

            Generation rest = builds.replay().droppable();
            assertThat(rest.number()).isEqualTo(2);
            new Drop(builds.config(), builds.connection(), kafka, Time.system()).run(rest, SHORT);
            assertThat(new GenerationList(builds.connection()).read()).hasSize(1);
            try (Statement statement = builds.connection().createStatement();
                    ResultSet row = statement.executeQuery("SELECT to_regclass('user_features_g2') IS NULL")) {
                row.next();
                assertThat(row.getBoolean(1)).isTrue();
            }
        }
    }

    @Test
    void readersHaveMoreTimeForThemselvesTheLongerOneOfThemHoldsTheView() throws Exception {
        builds.watermarks(2, "0/A", Builds.FUTURE);
        List<Duration> pauses = new ArrayList<>();
        Turn patient = new Turn(builds.config(), builds.connection(), new HookedTime(pauses::add));
        try (Connection reader = builds.source().open();
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.executeQuery("SELECT * FROM user_features").close();
            assertThatThrownBy(() -> patient.to(builds.replay().building(), Duration.ofSeconds(2)))
                    .hasMessageContaining("held the view");
        }
        assertThat(pauses.get(0)).isLessThan(Duration.ofMillis(20));
        assertThat(pauses.get(pauses.size() - 1)).isBetween(Duration.ofMillis(100), Duration.ofMillis(400));
    }

    private String ordersOf7() throws SQLException {
        try (Statement statement = builds.connection().createStatement();
                ResultSet row = statement.executeQuery("SELECT order_count_7d || ' in epoch ' || epoch"
                        + " || ' of generation ' || generation FROM user_features, freshet_complete_through")) {
            row.next();
            return row.getString(1);
        }
    }
}
