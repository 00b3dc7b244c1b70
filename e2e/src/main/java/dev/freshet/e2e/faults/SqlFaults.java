package dev.freshet.e2e.faults;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import dev.freshet.e2e.bed.Bed;
import dev.freshet.e2e.bed.Part;
import dev.freshet.runtime.jdbc.SqlFault;
import dev.freshet.runtime.monitoring.Reason.Code;
import dev.freshet.testkit.process.Deadline;

/** What others do in the databases. */
final class SqlFaults {
    private static final String TERMINATE = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            + " WHERE pid <> pg_backend_pid() AND backend_type IN ('client backend', 'walsender') AND ";
    private static final String OF_THE_SLOT =
            "SELECT count(pg_terminate_backend(active_pid)) FROM pg_replication_slots WHERE slot_name = '%s'";
    private static final String UP_AND_DOWN = """
            DO $$
            DECLARE one bigint;
            BEGIN
                FOR one IN SELECT user_id FROM %s ORDER BY user_id DESC LOOP
                    UPDATE %1$s SET incomplete = incomplete WHERE user_id = one;
                END LOOP;
            END $$""";
    private static final Duration TERMINATING = Duration.ofSeconds(10);
    private static final Duration BETWEEN = Duration.ofSeconds(2);
    private static final Duration UPDATING = Duration.ofSeconds(6);
    private static final int UPDATERS = 4;

    private SqlFaults() {}

    static Stream<Fault> all() {
        return Stream.of(
                new Fault(
                        "terminate-walsender",
                        "the source ends the session that ingest reads from, again and again",
                        (bed, random) -> terminateReader(bed)),
                terminate("ingest", "application_name ~ '^(freshet-(ingest|guard|repair|watch)|Debezium)'"),
                terminate("streams", "application_name = 'freshet-streams'"),
                terminate("sink", "application_name = 'freshet-sink'"),
                terminate("all", "datname = 'shop'"),
                new Fault(
                        "lock-table",
                        "a stranger locks the table of features against writers",
                        (bed, random) -> lock(bed, LiveLog.of(bed).table())),
                new Fault(
                        "lock-orders",
                        "a stranger locks the shop's orders against everybody",
                        (bed, random) -> lockOrders(bed)),
                new Fault(
                        "deadlocks",
                        "strangers update all rows of features in the other order, in long transactions",
                        (bed, random) -> updateDownwards(bed)));
    }

    private static Fault terminate(String whose, String which) {
        return new Fault("terminate-" + whose, "an administrator ends all sessions of " + whose, (bed, random) -> {
            bed.tables().number(TERMINATE + which);
            return Strike.passing();
        });
    }

    private static Strike terminateReader(Bed bed) throws Exception {
        LiveLog live = LiveLog.of(bed);
        Deadline end = Deadline.in(TERMINATING);
        while (!end.isPast()) {
            bed.tables().number(OF_THE_SLOT.formatted(live.slot()));
            bed.time().pause(BETWEEN);
        }
        return Strike.passing();
    }

    private static Strike lock(Bed bed, String table) throws SQLException {
        HeldTable held = HeldTable.of(bed, table, "SHARE ROW EXCLUSIVE");
        return Strike.until(held::close, Code.BEHIND, Part.SINK);
    }

    /** The load waits, and whoever reads definitions; what was committed goes on. */
    private static Strike lockOrders(Bed bed) throws SQLException {
        return Strike.until(HeldTable.of(bed, "orders", "ACCESS EXCLUSIVE")::close);
    }

    private static Strike updateDownwards(Bed bed) throws Exception {
        String update = UP_AND_DOWN.formatted(LiveLog.of(bed).table());
        Deadline end = Deadline.in(UPDATING);
        List<Thread> updaters = new ArrayList<>();
        for (int i = 0; i < UPDATERS; i++) {
            Thread updater = new Thread(
                    () -> {
                        while (!end.isPast()) {
                            tryTo(bed, update);
                        }
                    },
                    "updater-" + i);
            updaters.add(updater);
            updater.start();
        }
        for (Thread updater : updaters) {
            updater.join();
        }
        return Strike.passing();
    }

    /** Half of those that lose a deadlock are the strangers. */
    private static void tryTo(Bed bed, String sql) {
        try (Connection connection = bed.tables().connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            if (SqlFault.of(e) == SqlFault.STOP) {
                throw new IllegalStateException(e);
            }
        }
    }
}
