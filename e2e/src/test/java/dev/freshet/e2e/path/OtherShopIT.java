package dev.freshet.e2e.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.freshet.ops.reconcile.Pace;
import dev.freshet.ops.reconcile.Reconcile;
import dev.freshet.ops.reconcile.ReconcileReport;
import dev.freshet.ops.reconcile.Reconciliation;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.source.SourceTables;
import dev.freshet.runtime.time.Time;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.SharedServers;

/** The whole path over a shop of other names, types and rules, in a JVM of another time zone. */
class OtherShopIT {
    private static final int TRANSACTIONS = Integer.getInteger("freshet.transactions", 400);

    @ParameterizedTest
    @CsvSource({
        "UUID_AND_TEXT, FULL",
        "UUID_AND_TEXT, USING INDEX receipt_buyer",
        "TEXT_AND_UUID, FULL",
        "TEXT_AND_UUID, USING INDEX receipt_buyer"
    })
    void theTableIsTheTruthOfAShopThatKeepsItsDataOtherwise(OtherShop.Ids ids, String identity) throws Exception {
        long seed = Long.getLong("freshet.seed", new SplittableRandom().nextLong());
        System.out.println("seed " + seed);
        Map<String, String> environment = OtherShop.environment(ids);
        environment.put("JAVA_TOOL_OPTIONS", "-Duser.timezone=Europe/Berlin");
        Database database = SharedServers.get().newDatabase();
        SourceTables source = OtherShop.tables(ids, database);
        try (OtherShop shop = new OtherShop(database, new SplittableRandom(seed), ids, identity);
                Pipeline pipeline = Pipeline.of(SharedServers.get(), database)) {
            transact(shop); // what the snapshot finds
            Pipeline.Part.PROCESSES.forEach(part -> pipeline.start(part, environment));
            transact(shop);
            Truth.assertTableIsTheTruth(database, pipeline, source);
            transact(shop);
            Truth.assertTableIsTheTruth(database, pipeline, source);
            repairAll(database, pipeline.config(environment));
            Truth.assertTableIsTheTruth(database, pipeline, source);
        }
    }

    /** What is read anew has to be what the log had. */
    private static void repairAll(Database database, FreshetConfig config) throws Exception {
        List<String> users = new ArrayList<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT no FROM \"Sales\".customers")) {
            while (rows.next()) {
                users.add(rows.getString(1));
            }
        }
        try (Reconciliation reconciliation = Reconciliation.open(config, Pace.STANDARD, Time.system())) {
            ReconcileReport before = reconciliation.compare(Reconcile.Progress.NONE);
            assertThat(before.isClean()).as("%s", before).isTrue();
            assertThat(before.checked()).isEqualTo(users.size());
            assertThat(reconciliation
                            .repair(users, "test", Reconcile.Progress.NONE)
                            .isComplete())
                    .isTrue();
        }
    }

    private static void transact(OtherShop shop) throws SQLException {
        for (int i = 0; i < TRANSACTIONS; i++) {
            shop.transact();
        }
    }
}
