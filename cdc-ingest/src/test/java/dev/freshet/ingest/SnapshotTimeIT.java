package dev.freshet.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;

import dev.freshet.schemas.change.ChangeKey.Control;

/** Rows are emitted as of a tick's time: it must not be one at which some of what a snapshot has was not committed yet. */
class SnapshotTimeIT {
    private static final String SLOT_WAITS =
            "SELECT count(*) FROM pg_replication_slots WHERE confirmed_flush_lsn IS NULL";

    @Test
    void noTickIsEarlierThanWhatWasCommittedWhileTheSlotWaitedForATransaction() throws Exception {
        Deployment deployment = new Deployment();
        try (Shop shop = new Shop(deployment.database, 1);
                IngestService service = deployment.service();
                Connection other = deployment.database.connect();
                Statement statement = other.createStatement()) {
            shop.addUsers(10);
            other.setAutoCommit(false);
            statement.execute("CREATE TABLE nothing ()");
            service.start();
            await("a slot that waits").atMost(Deployment.PATIENCE).until(() -> number(statement, SLOT_WAITS) == 1);
            shop.transaction(5);
            long before = number(statement, "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint");
            shop.transaction(5);
            other.commit();
            Deployment.awaitCaughtUp(service, shop);

            LogView log = LogView.read(deployment.config(), 1);
            log.assertHolds(shop);
            assertThat(log.partitions.stream().flatMap(List::stream).filter(entry -> entry.key() == Control.TICK))
                    .isNotEmpty()
                    .allSatisfy(tick -> assertThat(tick.value().sourceTime()).isGreaterThan(before));
        }
    }

    private static long number(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }
}
