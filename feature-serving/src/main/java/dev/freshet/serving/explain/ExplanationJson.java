package dev.freshet.serving.explain;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.catalogue.FeatureDefinition;

/**
 * An explanation for programs. Ids, values and amounts are texts as PostgreSQL prints them, so that none loses a digit;
 * instants are ISO 8601 in UTC, windows ISO 8601 durations; null is NULL, none or never.
 */
public final class ExplanationJson {
    private ExplanationJson() {}

    public static ObjectNode render(Explanation explanation) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        Verdict verdict = explanation.conclusion().verdict();
        root.put("user", explanation.user());
        root.put("at", text(explanation.at()));
        root.put("verdict", verdict.name().toLowerCase(Locale.ROOT));
        ArrayNode notes = root.putArray("notes");
        explanation.conclusion().notes().forEach(notes::add);
        root.put("complete_through", text(explanation.table().completeThrough()));
        HeldRow row = explanation.table().row();
        root.set("row", row == null ? root.nullNode() : row(row));
        ArrayNode features = root.putArray("features");
        explanation.features().forEach(feature -> features.add(feature(feature, row != null)));
        root.set("orders", orders(explanation.source()));
        return root;
    }

    private static ObjectNode row(HeldRow row) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("version", row.version())
                .put("epoch", row.epoch())
                .put("computed_at", text(row.computedAt()))
                .put("exact_until", text(row.exactUntil()))
                .put("incomplete", row.incomplete());
    }

    private static ObjectNode feature(ExplainedFeature feature, boolean isCompared) {
        FeatureDefinition definition = feature.definition();
        ExplainedFeature.Working working = feature.working();
        return JsonNodeFactory.instance
                .objectNode()
                .put("name", definition.name())
                .put("aggregate", definition.aggregate().name().toLowerCase(Locale.ROOT))
                .put("column", definition.column())
                .put(
                        "window",
                        definition.window() == null ? null : definition.window().toString())
                .put("table", feature.table())
                .put("recomputed", feature.recomputed())
                .put("agrees", isCompared ? (Boolean) feature.agrees() : null)
                .put("orders", working.orders())
                .put("values", definition.aggregate().isOverColumn() ? (Long) working.values() : null)
                .put("sum", working.sum())
                .put("newest_order", working.newest());
    }

    private static ObjectNode orders(SourceSide source) {
        ObjectNode orders = JsonNodeFactory.instance.objectNode();
        orders.put("source_clock", text(source.clock()));
        orders.put("user_exists", source.hasUser());
        orders.put("counting", source.counting());
        ArrayNode newest = orders.putArray("newest");
        for (CountedOrder order : source.newest()) {
            ObjectNode node = newest.addObject().put("id", order.id()).put("created_at", text(order.createdAt()));
            ObjectNode amounts = node.putObject("amounts");
            order.amounts().forEach(amount -> amounts.put(amount.column(), amount.value()));
            ObjectNode leaves = node.putObject("leaves");
            order.stays().forEach(stay -> leaves.put(stay.feature(), text(stay.leaves())));
        }
        orders.put("left", source.rest().left());
        orders.put("later", source.rest().later());
        orders.put("first_later", text(source.rest().firstLater()));
        orders.put("timeless", source.rest().timeless());
        orders.put("outside_domain", source.rest().outsideDomain());
        return orders;
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }
}
