package dev.freshet.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

import dev.freshet.schemas.change.ChangeKey.Control;
import dev.freshet.schemas.change.Table;

class IngestIT {

    @Test
    void snapshotAndStreamMakeTheLogEqualToTheSource() throws Exception {
        Deployment deployment = new Deployment();
        try (Shop shop = new Shop(deployment.database, 1);
                IngestService service = deployment.service()) {
            shop.addUsers(50);
            for (int i = 0; i < 20; i++) {
                shop.transaction(20);
            }
            service.start();
            await().atMost(Deployment.PATIENCE)
                    .until(() -> service.progress().phase() == IngestProgress.Phase.STREAMING);
            Deployment.awaitCaughtUp(service, shop);
            int streamed = shop.committed.size();
            for (int i = 0; i < 200; i++) {
                shop.transaction(1 + i % 7);
            }
            shop.transaction(3_000);
            shop.copyOrders(2_000);
            shop.transaction(3);
            Deployment.awaitCaughtUp(service, shop);

            LogView log = LogView.read(deployment.config(), 1);
            log.assertHolds(shop);
            log.assertNothingMissingSince(shop, streamed);
            assertThat(log.count(Control.SNAPSHOT_END)).isEqualTo(3);
            assertThat(log.completeThrough())
                    .isGreaterThanOrEqualTo(
                            shop.committed.get(shop.committed.size() - 1).lsnAfter());
            assertThat(service.progress().snapshotRows(Table.USERS)).isEqualTo(50);
            assertThat(service.progress().estimatedRows(Table.USERS)).isEqualTo(50);
        }
    }
}
