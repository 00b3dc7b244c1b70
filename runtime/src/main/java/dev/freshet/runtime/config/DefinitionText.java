package dev.freshet.runtime.config;

import java.util.stream.Collectors;

import dev.freshet.schemas.catalogue.FeatureDefinition;

/** Writes what is computed from what. The line is stored, and compared with: its form must not change. */
final class DefinitionText {
    private DefinitionText() {}

    static String of(FreshetConfig config) {
        SourceSettings source = config.source();
        OrdersTable orders = source.orders();
        String columns = config.catalogue().columns().stream()
                .map(column -> ", " + column + "=" + orders.column(column) + scale(orders.scale(column)))
                .collect(Collectors.joining());
        String features = config.catalogue().features().stream()
                .map(DefinitionText::feature)
                .collect(Collectors.joining("; "));
        return "%s.%s(%s); %s.%s(%s, %s, %s%s)%s; %s"
                .formatted(
                        source.schema(),
                        source.users().table(),
                        source.users().id() + idType(source.users().idType()),
                        source.schema(),
                        orders.table(),
                        orders.id(),
                        orders.userId(),
                        orders.createdAt() + (orders.createdAtType() == TimeType.TIMESTAMP ? " timestamp" : ""),
                        columns,
                        orders.where().isNone()
                                ? ""
                                : " where " + orders.where().text(),
                        features);
    }

    private static String idType(IdType type) {
        return type == IdType.BIGINT ? "" : " " + type.sqlName();
    }

    private static String scale(int scale) {
        return scale == 0 ? "" : " / 10^" + scale;
    }

    private static String feature(FeatureDefinition feature) {
        return feature.name() + " = " + feature.aggregate() + "(" + (feature.column() == null ? "*" : feature.column())
                + ")" + (feature.window() == null ? "" : " over " + feature.window());
    }
}
