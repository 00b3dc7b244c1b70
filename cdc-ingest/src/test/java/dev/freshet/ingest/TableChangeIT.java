package dev.freshet.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.freshet.runtime.lifecycle.Stop;

/** ALTER TABLE and ALTER PUBLICATION while ingest runs, and while it does not. */
class TableChangeIT {

    private static Shop shopWithAnOrder(Deployment deployment) throws Exception {
        Shop shop = new Shop(deployment.database, 31);
        shop.addUsers(1);
        shop.sql("INSERT INTO orders (id, user_id, total) VALUES (1, 1, 12.345)");
        return shop;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ALTER TABLE orders DROP COLUMN total; INSERT INTO orders VALUES (9, 1)      | column total of public.orders
                    ALTER TABLE orders RENAME total TO sum; INSERT INTO orders VALUES (9, 1, 1) | column total of public.orders
                    ALTER TABLE orders ALTER user_id TYPE text; INSERT INTO orders VALUES (9, '1', 1) | column user_id of public.orders
                    ALTER TABLE orders ALTER created_at DROP DEFAULT, ALTER created_at TYPE bigint USING 0 | column created_at of public.orders was timestamp with time zone (4), is bigint (4)
                    ALTER TABLE orders ALTER total TYPE numeric(10,2)                           | column total of public.orders was numeric (3), is numeric(10,2) (3)
                    ALTER TABLE orders RENAME TO purchases; INSERT INTO purchases VALUES (9, 1, 1) | table public.orders was
                    ALTER TABLE orders DROP CONSTRAINT orders_pkey                              | primary key of public.orders was 1, is not there
                    ALTER TABLE users REPLICA IDENTITY NOTHING                                  | replica identity of public.users was d, is n
                    ALTER TABLE orders RENAME TO old; CREATE TABLE orders (LIKE old INCLUDING ALL) PARTITION BY RANGE (id) | table public.orders was
                    ALTER PUBLICATION $p DROP TABLE orders; INSERT INTO orders VALUES (9, 1, 1) | publication of public.orders was
                    ALTER PUBLICATION $p SET (publish = 'insert, update, truncate')                | publication of public.users was
                    ALTER PUBLICATION $p SET TABLE users (id), orders WHERE (total > 5)         | where (total > (5)::numeric)
                    ALTER PUBLICATION $p SET TABLE users (id), orders (id, user_id)             | without created_at, total
                    ALTER PUBLICATION $p DROP TABLE orders; ALTER PUBLICATION $p ADD TABLE orders | publication of public.orders was""")
    void whatTheLogDependsOnStopsIngestWithItsName(String sql, String named) throws Exception {
        Deployment deployment = new Deployment();
        try (Shop shop = shopWithAnOrder(deployment);
                IngestService service = deployment.started()) {
            Deployment.awaitCaughtUp(service, shop);
            shop.sql("BEGIN; " + inSql(sql, deployment) + "; COMMIT");
            assertThat(Deployment.reason(service))
                    .isInstanceOf(Stop.Operator.class)
                    .hasMessageContaining(named)
                    .hasMessageContaining("freshet replay start --from-source --go-live");
        }
        assertThat(LogView.read(deployment.config(), 1).rows()).containsOnlyKeys("1", "1/1");
    }

    private static String inSql(String sql, Deployment deployment) {
        return sql.replace("$p", deployment.config().names().publication());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ALTER TABLE orders REPLICA IDENTITY DEFAULT; DELETE FROM orders | replica identity of public.orders was f, is d
                    ALTER PUBLICATION $p DROP TABLE orders; DELETE FROM orders      | publication of public.orders was
                    ALTER PUBLICATION $p SET (publish = 'insert'); DELETE FROM orders | publication of public.orders was""")
    void whatHasLostChangesWhileNobodyReadIsNotRepairedAndPassedOver(String sql, String named) throws Exception {
        Deployment deployment = new Deployment();
        try (Shop shop = shopWithAnOrder(deployment)) {
            try (IngestService service = deployment.started()) {
                Deployment.awaitCaughtUp(service, shop);
            }
            shop.sql(inSql(sql, deployment));
            for (String setup : new String[] {"false", "true", "true"}) {
                deployment.settings.put("source.setup", setup);
                try (IngestService service = deployment.started()) {
                    assertThat(Deployment.reason(service))
                            .as("setup " + setup)
                            .isInstanceOf(Stop.Operator.class)
                            .hasMessageContaining("changed while nobody read")
                            .hasMessageContaining(named);
                }
            }
            deployment.beginNextGeneration();
            try (IngestService service = deployment.started()) {
                Deployment.awaitCaughtUp(service, shop);
            }
            assertThat(LogView.read(deployment.config(), 2).rows()).containsOnlyKeys("1");
        }
    }

    @Test
    void aDeleteThatDoesNotTellItsUserStopsIngestThoughTheIdentityHasBeenPutBack() throws Exception {
        Deployment deployment = new Deployment();
        try (Shop shop = shopWithAnOrder(deployment)) {
            try (IngestService service = deployment.started()) {
                Deployment.awaitCaughtUp(service, shop);
            }
            shop.sql("ALTER TABLE orders REPLICA IDENTITY DEFAULT");
            shop.sql("DELETE FROM orders");
            shop.sql("ALTER TABLE orders REPLICA IDENTITY FULL");
            try (IngestService service = deployment.started()) {
                assertThat(Deployment.reason(service))
                        .isInstanceOf(Stop.Operator.class)
                        .hasMessageContaining("does not tell whose order it was");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ALTER TYPE state RENAME VALUE 'paid' TO 'settled'           | label paid of column state of public.orders was
                    ALTER TYPE state RENAME VALUE 'paid' TO 'x'; ALTER TYPE state RENAME VALUE 'new' TO 'paid' | label paid of column state
                    ALTER TABLE orders ALTER channel TYPE text COLLATE anycase  | is text (6) nondeterministic collation anycase""")
    void whatTheFilterAsksForStopsIngestWhenItMeansSomethingElse(String sql, String named) throws Exception {
        Deployment deployment = new Deployment();
        deployment.settings.put("source.orders.where", "state = 'paid' AND channel <> 'shop'");
        try (Shop shop = new Shop(deployment.database, 32)) {
            shop.sql("CREATE TYPE state AS ENUM ('new', 'paid')");
            shop.sql("CREATE COLLATION anycase (provider = icu, locale = 'und-u-ks-level2', deterministic = false)");
            shop.sql("ALTER TABLE orders ADD state state, ADD channel text");
            try (IngestService service = deployment.started()) {
                Deployment.awaitCaughtUp(service, shop);
                shop.sql("ALTER TYPE state ADD VALUE 'lost'; ALTER TYPE state RENAME VALUE 'lost' TO 'found'");
                Deployment.awaitCaughtUp(service, shop);
                shop.sql(sql);
                assertThat(Deployment.reason(service))
                        .isInstanceOf(Stop.Operator.class)
                        .hasMessageContaining(named);
            }
        }
    }

    @Test
    void aChangeWhileNobodyReadIsRefusedUntilANewGenerationIsBegun() throws Exception {
        Deployment deployment = new Deployment();
        deployment.settings.put("target.schema", "features");
        try (Shop shop = shopWithAnOrder(deployment)) {
            shop.sql("CREATE SCHEMA features");
            try (IngestService service = deployment.started()) {
                Deployment.awaitCaughtUp(service, shop);
            }
            shop.sql("ALTER TABLE orders ALTER total TYPE numeric(10,2)"); // 12.35 now, and the WAL does not say so
            try (IngestService service = deployment.started()) {
                Throwable reason = Deployment.reason(service);
                assertThat(reason)
                        .isInstanceOf(Stop.Operator.class)
                        .hasMessageContaining("column total of public.orders was numeric (3), is numeric(10,2) (3)");
            }
            deployment.beginNextGeneration();
            try (IngestService service = deployment.started()) {
                Deployment.awaitCaughtUp(service, shop);
            }
            assertThat(LogView.read(deployment.config(), 2).rows().get("1/1")).endsWith(" 12.35");
        }
    }

    @Test
    void whatItDoesNotDependOnMayChange() throws Exception {
        Deployment deployment = new Deployment();
        try (Shop shop = shopWithAnOrder(deployment);
                IngestService service = deployment.started()) {
            Deployment.awaitCaughtUp(service, shop);
            shop.sql("ALTER TABLE orders ADD COLUMN discount numeric DEFAULT 7, ALTER total DROP NOT NULL");
            shop.sql("INSERT INTO orders (id, user_id, total, discount) VALUES (2, 1, 5, 1)");
            shop.sql("ALTER TABLE orders DROP COLUMN discount; CREATE INDEX ON orders (user_id)");
            shop.sql("VACUUM FULL orders");
            shop.sql("ALTER TABLE users ADD COLUMN age int; ALTER TABLE users RENAME email TO mail");
            shop.sql("INSERT INTO orders (id, user_id, total) VALUES (3, 1, 6)");
            Deployment.awaitCaughtUp(service, shop);
            assertThat(LogView.read(deployment.config(), 1).rows()).containsOnlyKeys("1", "1/1", "1/2", "1/3");
        }
    }
}
