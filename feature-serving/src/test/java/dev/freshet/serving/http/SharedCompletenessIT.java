package dev.freshet.serving.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.Id;
import dev.freshet.serving.lookup.Answer;
import dev.freshet.serving.lookup.Lookup;
import dev.freshet.testkit.servers.PostgresServer;

/** How complete the table is may have been read by another lookup, a moment before. */
class SharedCompletenessIT {
    private static final List<Id> USER = List.of(Id.of(1));

    /** Stands still unless it is told to go on. */
    private static final class StandingTime implements Time {
        private volatile long nanos;

        @Override
        public Instant now() {
            return Instant.EPOCH.plusNanos(nanos);
        }

        @Override
        public long nanoTime() {
            return nanos;
        }

        @Override
        public void pause(Duration duration) {
            nanos += duration.toNanos();
        }
    }

    private final StandingTime time = new StandingTime();
    private ServedTarget target;
    private Lookup lookup;

    @BeforeEach
    void readOnce() throws Exception {
        target = ServedTarget.live();
        target.row(1);
        lookup = new Lookup(target.config(), time);
        assertThat(lookup.find(USER, 0).through().lsn()).isEqualTo(0x10);
        target.completeThrough(1, "0/20", "now()");
    }

    @AfterEach
    void close() throws Exception {
        lookup.close();
        target.close();
    }

    @Test
    void withinAMomentItIsSharedAndRowsAreAsNewAsTheyAre() throws Exception {
        target.run("UPDATE user_features_g1 SET order_count_7d = 9, version = 8");

        Answer answer = lookup.find(USER, 0);

        assertThat(answer.through().lsn()).isEqualTo(0x10);
        assertThat(answer.rows().get(Id.of(1)).version()).isEqualTo(8);
        time.pause(Duration.ofMillis(21));
        assertThat(lookup.find(USER, 0).through().lsn()).isEqualTo(0x20);
    }

    @Test
    void whoNamesAPositionIsNotToldLess() throws Exception {
        assertThat(lookup.find(USER, 0x11).through().lsn()).isEqualTo(0x20);
        assertThat(lookup.find(USER, 0).through().lsn()).isEqualTo(0x20);
    }

    @Test
    void whoIsNotThereIsNotThereAsOfNow() throws Exception {
        assertThat(lookup.find(List.of(Id.of(2)), 0).through().lsn()).isEqualTo(0x20);
    }

    @Test
    void whatIsReadForWhoIsNotThereIsToldToOthersToo() throws Exception {
        lookup.find(List.of(Id.of(2)), 0);

        assertThat(lookup.find(USER, 0).through().lsn()).isEqualTo(0x20);
    }

    /** One name may lead to several of them. */
    @Test
    void ofAStandbyItIsNotShared(@TempDir Path directory) throws Exception {
        try (PostgresServer server = PostgresServer.with(directory.resolve("postgres"), Map.of())) {
            server.start();
            try (ServedTarget primary = ServedTarget.liveIn(server.database("postgres"));
                    Lookup itsLookup = new Lookup(primary.config(), time)) {
                primary.row(1);
                itsLookup.find(USER, 0);
                primary.completeThrough(1, "0/20", "now()");
                server.stop();
                Files.createFile(directory.resolve("postgres/data/standby.signal"));
                server.start();

                assertThat(itsLookup.find(USER, 0).through().lsn()).isEqualTo(0x20);
            }
        }
    }

    @Test
    void behindASwapItIsThatOfTheNewBuild() throws Exception {
        target.createTables(2);
        target.completeThrough(2, "0/30", "now()");
        target.run("INSERT INTO user_features_g2 SELECT 1, 9, 9, 9, NULL, now(), NULL, false, 1");
        target.activate(2);

        Answer answer = lookup.find(USER, 0);

        assertThat(answer.rows().get(Id.of(1)).epoch()).isEqualTo(2);
        assertThat(answer.through().generation()).isEqualTo(2);
        assertThat(answer.through().lsn()).isEqualTo(0x30);
        assertThat(lookup.find(USER, 0).through().generation()).isEqualTo(2);
    }
}
