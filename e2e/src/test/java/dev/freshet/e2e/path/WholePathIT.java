package dev.freshet.e2e.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.freshet.e2e.shop.Shop;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.SharedServers;

/** Random SQL through all three processes, each of which is killed in the middle of it. */
class WholePathIT {
    private static final int TRANSACTIONS = Integer.getInteger("freshet.transactions", 400);

    private Database database;
    private Pipeline pipeline;

    @BeforeEach
    void prepare() {
        SharedServers servers = SharedServers.get();
        database = servers.newDatabase();
        pipeline = Pipeline.of(servers, database);
    }

    @AfterEach
    void stop() {
        pipeline.close();
    }

    @Test
    void theTableIsTheTruthWhicheverProcessWasKilled() throws Exception {
        long seed = Long.getLong("freshet.seed", new SplittableRandom().nextLong());
        System.out.println("seed " + seed);
        try (Shop shop = new Shop(database, new SplittableRandom(seed));
                WatchingReader reader = new WatchingReader(database)) {
            transact(shop); // what the snapshot finds
            pipeline.startAll();
            transact(shop);
            Truth.assertTableIsTheTruth(database, pipeline);
            for (Pipeline.Part part : Pipeline.Part.PROCESSES) {
                transact(shop);
                pipeline.kill(part);
                transact(shop);
                pipeline.start(part, Map.of());
                transact(shop);
            }
            Truth.assertTableIsTheTruth(database, pipeline);
            assertThat(reader.stop()).as("what went back, seed %d", seed).isEmpty();
            assertThat(reader.reads()).isPositive();
        }
    }

    private static void transact(Shop shop) throws SQLException {
        for (int i = 0; i < TRANSACTIONS; i++) {
            shop.transact();
        }
    }
}
