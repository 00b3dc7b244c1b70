package dev.freshet.schemas.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CatalogueTest {

    @Test
    void theStandardCatalogueHasTheContractsColumns() {
        assertThat(Catalogue.standard().features())
                .extracting(FeatureDefinition::name)
                .containsExactly("order_count_7d", "order_count_30d", "avg_order_value", "last_order_date");
        assertThat(Catalogue.standard().columns()).containsExactly("total");
    }

    @Test
    void namesAreDistinctAndNotFreshetsOwn() {
        FeatureDefinition orders = new FeatureDefinition("orders", Aggregate.COUNT, null, null);
        assertThatThrownBy(() -> new Catalogue(List.of(orders, orders))).hasMessageContaining("'orders'");
        FeatureDefinition epoch = new FeatureDefinition("epoch", Aggregate.COUNT, null, null);
        assertThatThrownBy(() -> new Catalogue(List.of(epoch))).hasMessageContaining("'epoch'");
    }

    @Test
    void aFeatureThatCannotBeIsRefusedWithItsName() {
        assertThatThrownBy(() -> new FeatureDefinition("a b", Aggregate.COUNT, null, null))
                .hasMessageContaining("'a b'");
        assertThatThrownBy(() -> new FeatureDefinition("mean", Aggregate.AVG, null, null))
                .hasMessageContaining("mean");
        assertThatThrownBy(() -> new FeatureDefinition("n", Aggregate.COUNT, "total", null))
                .hasMessageContaining("n:");
        assertThatThrownBy(() -> new FeatureDefinition("n", Aggregate.COUNT, null, Duration.ZERO))
                .hasMessageContaining("PT0S");
        assertThatThrownBy(() -> new FeatureDefinition("n", Aggregate.COUNT, null, Duration.ofNanos(1_500)))
                .hasMessageContaining("microseconds");
    }
}
