package dev.freshet.ingest;

import dev.freshet.ingest.capture.Mapping;
import dev.freshet.ingest.capture.Mapping.Amount;
import dev.freshet.ingest.capture.Mapping.OrderColumns;
import dev.freshet.ingest.capture.Mapping.SourceTable;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.config.OrdersTable;
import dev.freshet.runtime.config.SourceSettings;

/** What the configuration says of the two tables. */
public final class SourceMapping {
    private SourceMapping() {}

    public static Mapping of(FreshetConfig config) {
        SourceSettings source = config.source();
        OrdersTable orders = source.orders();
        return new Mapping(
                new SourceTable(source.schema(), source.users().table()),
                source.users().id(),
                source.users().idType(),
                new SourceTable(source.schema(), orders.table()),
                new OrderColumns(
                        orders.id(),
                        orders.userId(),
                        orders.createdAt(),
                        orders.createdAtType(),
                        config.catalogue().columns().stream()
                                .map(name -> new Amount(orders.column(name), orders.scale(name)))
                                .toList(),
                        orders.where()),
                config.names().publication());
    }
}
