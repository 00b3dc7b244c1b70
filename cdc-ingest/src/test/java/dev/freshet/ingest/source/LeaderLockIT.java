package dev.freshet.ingest.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.time.Time;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.SharedServers;

class LeaderLockIT {
    private static final Duration SILENCE = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static CompletableFuture<Void> acquiring(Connection connection) {
        return CompletableFuture.runAsync(() -> {
            try {
                LeaderLock.acquire(connection, "shop", SILENCE, Time.system());
            } catch (SQLException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void aLeaderKeepsItWhileItIsHeardAndLosesItWhenItIsSilent() throws Exception {
        Database database = SharedServers.get().newDatabase();
        try (Connection leader = database.connect();
                Connection next = database.connect()) {
            LeaderLock.acquire(leader, "shop", SILENCE, Time.system());
            CompletableFuture<Void> taken = acquiring(next);
            await().pollInterval(SILENCE.dividedBy(10))
                    .during(SILENCE.multipliedBy(2))
                    .atMost(PATIENCE)
                    .until(() -> {
                        LeaderLock.stillHere(leader);
                        return !taken.isDone();
                    });
            await().atMost(PATIENCE).until(taken::isDone);
            assertThat(taken).isCompleted();
            assertThat(leader.isValid(1)).isFalse();
        }
    }
}
