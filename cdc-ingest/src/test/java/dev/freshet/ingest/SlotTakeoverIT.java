package dev.freshet.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;

import dev.freshet.ingest.source.Slot;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.time.Time;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.SharedServers;

/** A superuser reads from the slot, as an ingest may have until its role was changed. */
class SlotTakeoverIT {
    private static final String ROLE = SharedServers.get().uniqueName("role").replace('-', '_');

    private final Database database = SharedServers.get().newDatabase();
    private final Slot slot =
            new Slot(SharedServers.get().uniqueName("slot").replace('-', '_').toLowerCase());

    private Connection superuser;
    private Connection reader;
    private Connection ours;

    @BeforeEach
    void readFromSlot() throws SQLException {
        superuser = database.connect();
        sql("DROP ROLE IF EXISTS " + ROLE + "; CREATE ROLE " + ROLE + " LOGIN REPLICATION PASSWORD 'x'");
        sql("SELECT pg_create_logical_replication_slot('" + slot.name() + "', 'pgoutput')");
        reader = replicating();
        reader.unwrap(PGConnection.class)
                .getReplicationAPI()
                .replicationStream()
                .logical()
                .withSlotName(slot.name())
                .withSlotOption("proto_version", "1")
                .withSlotOption("publication_names", "none")
                .start();
        ours = DriverManager.getConnection(database.jdbcUrl(), ROLE, "x");
    }

    @AfterEach
    void close() throws Exception {
        ours.close();
        SlotTakeover.drop(slot, superuser, Time.system());
        reader.close();
        superuser.close();
    }

    @Test
    void aReaderThatWeMayNotEndIsNamed() throws SQLException {
        Slot.Reader who = slot.reader(ours).orElseThrow();
        Stop.Restart stop =
                catchThrowableOfType(Stop.Restart.class, () -> SlotTakeover.free(slot, ours, passing(() -> {})));
        assertThat(who.role()).isEqualTo(database.user());
        assertThat(stop).hasMessageContaining("role=" + who.role()).hasMessageContaining("pid=" + who.pid());
    }

    @Test
    void aReaderThatWeMayNotEndIsWaitedFor() throws Exception {
        SlotTakeover.free(slot, ours, passing(() -> SlotTakeover.free(slot, superuser, Time.system())));
        assertThat(slot.reader(superuser)).isEmpty();
    }

    private void sql(String sql) throws SQLException {
        try (Statement statement = superuser.createStatement()) {
            statement.execute(sql);
        }
    }

    private Connection replicating() throws SQLException {
        Properties properties = new Properties();
        PGProperty.USER.set(properties, database.user());
        PGProperty.PASSWORD.set(properties, database.password());
        PGProperty.REPLICATION.set(properties, "database");
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "10");
        return DriverManager.getConnection(database.jdbcUrl(), properties);
    }

    private interface Meanwhile {
        void happens() throws SQLException, InterruptedException;
    }

    /** Time that passes by waiting only, while something happens. */
    private static Time passing(Meanwhile meanwhile) {
        return new Time() {
            private long nanos;

            @Override
            public Instant now() {
                return Instant.EPOCH.plusNanos(nanos);
            }

            @Override
            public long nanoTime() {
                return nanos;
            }

            @Override
            public void pause(Duration duration) throws InterruptedException {
                nanos += duration.toNanos();
                try {
                    meanwhile.happens();
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            }
        };
    }
}
