package dev.freshet.ops.truth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.config.AmountColumns;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.config.IdType;
import dev.freshet.runtime.config.TimeType;
import dev.freshet.runtime.source.SourceTables;
import dev.freshet.runtime.source.SourceTables.Orders;
import dev.freshet.runtime.source.SourceTables.TableName;
import dev.freshet.runtime.source.SourceTables.Users;
import dev.freshet.schemas.catalogue.Aggregate;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.schemas.catalogue.FeatureDefinition;

class TruthFunctionTest {

    @Test
    void theShippedFileIsTheFunctionOfTheStandardCatalogue() throws IOException {
        assertThat(new TruthFunction(SourceTables.standard(), Catalogue.standard()).sql())
                .isEqualTo(shipped());
    }

    @Test
    void theConfigurationsTablesAreTheOnesOfTheFunction() {
        FreshetConfig config = FreshetConfig.of(Map.ofEntries(
                Map.entry("source.url", "jdbc:postgresql://localhost:5432/shop"),
                Map.entry("source.user", "freshet"),
                Map.entry("source.schema", "sales"),
                Map.entry("source.users.table", "customers"),
                Map.entry("source.orders.table", "purchases"),
                Map.entry("source.orders.user.id", "customer_id"),
                Map.entry("source.orders.columns.total", "amount"),
                Map.entry("target.url", "jdbc:postgresql://localhost:5432/shop"),
                Map.entry("target.user", "freshet"),
                Map.entry("kafka.bootstrap.servers", "localhost:9092"),
                Map.entry("schema.registry.url", "http://localhost:8081")));

        assertThat(TruthFunction.of(config).sql())
                .contains("FROM \"sales\".\"customers\" AS u")
                .contains("FROM \"sales\".\"purchases\" AS o")
                .contains("o.\"customer_id\" = u.\"id\"")
                .contains("sum(o.\"amount\"::numeric)");
    }

    @Test
    void namesOfAShopAreQuotedAndItsFiltersKept() {
        SourceTables shop = new SourceTables(
                new Users(new TableName("Shop", "customer"), "no", IdType.UUID, "active"),
                new Orders(
                        new TableName("Shop", "order"),
                        "customer",
                        "at",
                        TimeType.TIMESTAMP,
                        new AmountColumns(Map.of("total", "Amount"), Map.of("total", 2)),
                        "status <> 'cancelled'"));
        Catalogue catalogue = new Catalogue(List.of(
                new FeatureDefinition("spent_90m", Aggregate.SUM, "total", Duration.ofMinutes(90)),
                new FeatureDefinition("last_10us", Aggregate.LAST_DATE, null, Duration.ofNanos(10_000))));

        assertThat(new TruthFunction(shop, catalogue).sql())
                .contains("RETURNS TABLE (user_id uuid, ")
                .contains("FROM (SELECT * FROM \"Shop\".\"customer\" WHERE active) AS u")
                .contains("FROM (SELECT * FROM \"Shop\".\"order\" WHERE status <> 'cancelled') AS o")
                .contains(
                        "sum((o.\"Amount\"::numeric * 0.01)) FILTER (WHERE (o.\"at\" AT TIME ZONE 'UTC') > $1 - interval '1:30:00.000000')"
                                + " AS \"spent_90m\"")
                .contains("$1 - interval '0:00:00.000010'");
    }

    private static String shipped() throws IOException {
        try (InputStream file = TruthFunctionTest.class.getResourceAsStream("/sql/user_features_at.sql")) {
            assertThat(file).isNotNull();
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
