package dev.freshet.e2e.path;

import static java.util.stream.Collectors.toMap;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.freshet.ops.truth.SourceTables;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.SharedServers;

/** The whole path over a shop of other names, types and rules, in a JVM of another time zone. */
class OtherShopIT {
    private static final int TRANSACTIONS = Integer.getInteger("freshet.transactions", 400);

    @ParameterizedTest
    @ValueSource(strings = {"FULL", "USING INDEX receipt_buyer"})
    void theTableIsTheTruthOfAShopThatKeepsItsDataOtherwise(String identity) throws Exception {
        long seed = Long.getLong("freshet.seed", new SplittableRandom().nextLong());
        System.out.println("seed " + seed);
        Map<String, String> environment = OtherShop.SETTINGS.entrySet().stream()
                .collect(toMap(
                        entry -> "FRESHET_"
                                + entry.getKey().toUpperCase(Locale.ROOT).replace('.', '_'),
                        Map.Entry::getValue));
        environment.put("JAVA_TOOL_OPTIONS", "-Duser.timezone=Europe/Berlin");
        Database database = SharedServers.get().newDatabase();
        try (OtherShop shop = new OtherShop(database, new SplittableRandom(seed), identity);
                Pipeline pipeline = Pipeline.of(SharedServers.get(), database)) {
            transact(shop); // what the snapshot finds
            Pipeline.Part.PROCESSES.forEach(part -> pipeline.start(part, environment));
            transact(shop);
            Truth.assertTableIsTheTruth(database, pipeline, tables(database));
            transact(shop);
            Truth.assertTableIsTheTruth(database, pipeline, tables(database));
        }
    }

    private static SourceTables tables(Database database) {
        Map<String, String> settings = new HashMap<>(OtherShop.SETTINGS);
        for (String side : new String[] {"source", "target"}) {
            settings.put(side + ".url", database.jdbcUrl());
            settings.put(side + ".user", database.user());
        }
        settings.put("kafka.bootstrap.servers", "none:1");
        settings.put("schema.registry.url", "http://none:1");
        return SourceTables.of(FreshetConfig.of(settings).source());
    }

    private static void transact(OtherShop shop) throws SQLException {
        for (int i = 0; i < TRANSACTIONS; i++) {
            shop.transact();
        }
    }
}
