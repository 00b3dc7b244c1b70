package dev.freshet.testkit.oracle;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Id;
import dev.freshet.schemas.Numeric;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.schemas.catalogue.FeatureDefinition;
import dev.freshet.schemas.feature.FeatureValue;

/**
 * The source tables as plain maps, and the features of DESIGN 1.3 recomputed from them from scratch at every question.
 *
 * <p>Rows outside the domain are in the tables, count as absent, and make their user incomplete. Foreign keys are not
 * enforced: orders of an absent user are kept.
 */
public final class Oracle {
    private final Catalogue catalogue;
    private final List<String> columns;

    /** Users by id; the value tells whether the row is usable. */
    private final Map<Id, Boolean> users = new LinkedHashMap<>();

    private final Map<Id, Map<Id, SourceOrder>> ordersByUser = new LinkedHashMap<>();
    private final Map<Id, Id> ownerOf = new LinkedHashMap<>();

    /** Over the default catalogue. */
    public Oracle() {
        this(Catalogue.standard());
    }

    public Oracle(Catalogue catalogue) {
        this(catalogue, catalogue.columns());
    }

    private Oracle(Catalogue catalogue, List<String> columns) {
        this.catalogue = catalogue;
        this.columns = columns;
    }

    /** An oracle of the same rows, independent from now on. */
    public Oracle copy() {
        Oracle copy = new Oracle(catalogue, columns);
        copy.users.putAll(users);
        copy.ownerOf.putAll(ownerOf);
        ordersByUser.forEach((user, orders) -> copy.ordersByUser.put(user, new LinkedHashMap<>(orders)));
        return copy;
    }

    public void putUser(Id user) {
        users.put(user, true);
    }

    public void putUnusableUser(Id user) {
        users.put(user, false);
    }

    public void deleteUser(Id user) {
        users.remove(user);
    }

    /** Inserts the order, or replaces the one of the same id, whosever it was. */
    public void putOrder(Id id, SourceOrder order) {
        deleteOrder(id);
        ordersByUser
                .computeIfAbsent(order.user(), none -> new LinkedHashMap<>())
                .put(id, order);
        ownerOf.put(id, order.user());
    }

    public void deleteOrder(Id id) {
        Id owner = ownerOf.remove(id);
        if (owner != null) {
            ordersOf(owner).remove(id);
        }
    }

    /** TRUNCATE of users alone. */
    public void truncateUsers() {
        users.clear();
    }

    public void truncateOrders() {
        ordersByUser.clear();
        ownerOf.clear();
    }

    /** The ids in the table of users, also of unusable rows, in order of insertion. */
    public Set<Id> users() {
        return users.keySet();
    }

    /** The ids in the table of orders, in order of insertion. */
    public Set<Id> orders() {
        return ownerOf.keySet();
    }

    public boolean hasUser(Id user) {
        return users.getOrDefault(user, false);
    }

    public @Nullable SourceOrder order(Id id) {
        Id owner = ownerOf.get(id);
        return owner == null ? null : ordersOf(owner).get(id);
    }

    /** The orders of a user, by id; also of one that is not there. */
    public Map<Id, SourceOrder> ordersOf(Id user) {
        Map<Id, SourceOrder> orders = ordersByUser.get(user);
        return orders == null ? Map.of() : orders;
    }

    /** What the user's row has to say at {@code t}, in epoch microseconds; null if there has to be no row. */
    public @Nullable Truth at(Id user, long t) {
        if (!hasUser(user)) {
            return null;
        }
        List<@Nullable FeatureValue> values = new ArrayList<>();
        for (FeatureDefinition feature : catalogue.features()) {
            values.add(value(feature, user, t));
        }
        return new Truth(values, nextEdge(user, t), isIncomplete(user));
    }

    private @Nullable FeatureValue value(FeatureDefinition feature, Id user, long t) {
        Set<Long> instants = new LinkedHashSet<>();
        List<@Nullable Numeric> column = new ArrayList<>();
        long count = 0;
        for (SourceOrder order : ordersOf(user).values()) {
            Long createdAt = order.createdAt();
            if (!order.isUsable() || createdAt == null || createdAt > t || hasLeft(feature, createdAt, t)) {
                continue;
            }
            count++;
            instants.add(createdAt);
            String name = feature.column();
            if (name != null) {
                column.add(order.values().get(columns.indexOf(name)));
            }
        }
        return switch (feature.aggregate()) {
            case COUNT -> new FeatureValue.Count(count);
            case SUM -> amount(NaiveSums.sum(column));
            case AVG -> amount(NaiveSums.average(column));
            case LAST_DATE -> NaiveSums.newestDay(instants);
        };
    }

    private static @Nullable FeatureValue amount(@Nullable Numeric value) {
        return value == null ? null : new FeatureValue.Amount(value);
    }

    private static boolean hasLeft(FeatureDefinition feature, long createdAt, long t) {
        return feature.window() != null && createdAt <= t - feature.windowMicros();
    }

    private @Nullable Long nextEdge(Id user, long t) {
        Long next = null;
        for (SourceOrder order : ordersOf(user).values()) {
            Long createdAt = order.createdAt();
            if (!order.isUsable() || createdAt == null) {
                continue;
            }
            List<Long> edges = new ArrayList<>();
            edges.add(createdAt);
            for (FeatureDefinition feature : catalogue.features()) {
                if (feature.window() != null) {
                    edges.add(createdAt + feature.windowMicros());
                }
            }
            for (Long edge : edges) {
                if (edge > t && (next == null || edge < next)) {
                    next = edge;
                }
            }
        }
        return next;
    }

    private boolean isIncomplete(Id user) {
        return ordersOf(user).values().stream().anyMatch(order -> !order.isUsable());
    }
}
