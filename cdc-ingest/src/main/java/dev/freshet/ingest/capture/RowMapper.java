package dev.freshet.ingest.capture;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

import dev.freshet.ingest.capture.Entry.RowEntry;
import dev.freshet.runtime.filter.RowFilter;
import dev.freshet.schemas.Id;
import dev.freshet.schemas.Numeric;
import dev.freshet.schemas.change.Change;
import dev.freshet.schemas.change.Change.Body;
import dev.freshet.schemas.change.Change.OrderRow;
import dev.freshet.schemas.change.Change.RowDeleted;
import dev.freshet.schemas.change.Change.RowUnusable;
import dev.freshet.schemas.change.Change.UserRow;
import dev.freshet.schemas.change.ChangeKey;

/**
 * Turns the record of one row change into entries of the log. Values are read without default: where a column has a DEFAULT,
 * Connect would put that in the place of a NULL.
 */
final class RowMapper {
    /** Create, read, update, delete; a truncation is no row's. */
    private static final Set<String> KNOWN = Set.of("c", "r", "u", "d");

    private final Mapping mapping;
    private final List<String> filterColumns;
    private final List<String> carried;
    private final Values values;
    private final Letters letters;
    private final ReplicaIdentity identity;
    private final BooleanSupplier identityHolds;

    /**
     * @param unavailable Debezium's placeholder for a value that the WAL does not hold
     * @param identity of the table of orders
     * @param identityHolds asks the source whether that is its identity now
     */
    RowMapper(Mapping mapping, String unavailable, ReplicaIdentity identity, BooleanSupplier identityHolds) {
        this.mapping = mapping;
        filterColumns = mapping.order().where().columns();
        carried = mapping.order().all().stream()
                .filter(column -> !column.equals(mapping.order().id())
                        && !column.equals(mapping.order().user()))
                .toList();
        values = new Values(unavailable);
        letters = new Letters(mapping.order().onlyOfFilter());
        this.identity = identity;
        this.identityHolds = identityHolds;
    }

    List<Entry> user(SourceRecord record, Place place, long time) {
        List<Entry> entries = new ArrayList<>(2);
        Id before = userId(image(record, "before"));
        Id after = userId(image(record, "after"));
        if (before != null && !before.equals(after)) {
            entries.add(new RowEntry(ChangeKey.user(before), new Change(place.lsn(), time, new RowDeleted())));
        }
        if (after != null) {
            entries.add(new RowEntry(ChangeKey.user(after), new Change(place.lsn(), time, new UserRow())));
        }
        return entries;
    }

    private @Nullable Id userId(@Nullable Struct row) {
        return row == null ? null : values.id(row.getWithoutDefault(mapping.userId()));
    }

    List<Entry> order(SourceRecord record, Place place, long time) {
        Struct before = image(record, "before");
        Struct after = image(record, "after");
        checkIdentity(operation(record), before, place);
        List<Entry> entries = new ArrayList<>(2);
        ChangeKey.Row from = before == null ? null : orderKey(before);
        ChangeKey.Row to = after == null ? null : orderKey(after);
        Body body = after == null ? null : orderBody(operation(record), after);
        if (body == null) {
            // Whether the order counted so far is not asked: the old row need not be all there.
            ChangeKey.Row gone = from == null && operation(record).equals("u") ? to : from;
            if (gone != null) {
                entries.add(new RowEntry(gone, new Change(place.lsn(), time, new RowDeleted())));
            }
            return entries;
        }
        if (from != null && !from.equals(to)) {
            entries.add(new RowEntry(from, new Change(place.lsn(), time, new RowDeleted())));
        }
        if (to == null) {
            entries.add(letters.of(record, place, mapping.order().user() + " is null", null));
            return entries;
        }
        entries.add(new RowEntry(to, new Change(place.lsn(), time, body)));
        if (body instanceof RowUnusable unusable) {
            entries.add(letters.of(record, place, unusable.reason(), to));
        }
        return entries;
    }

    /** Null if the row names no user. */
    private ChangeKey.@Nullable Row orderKey(Struct row) {
        Id user = values.id(row.getWithoutDefault(mapping.order().user()));
        Id id = values.id(row.getWithoutDefault(mapping.order().id()));
        if (id == null) {
            throw new IllegalStateException("an order without a primary key: " + row);
        }
        return user == null ? null : ChangeKey.order(user, id);
    }

    /** Null if the order does not count. */
    private @Nullable Body orderBody(String operation, Struct row) {
        if (!KNOWN.contains(operation)) {
            return new RowUnusable("operation " + operation + " is not known");
        }
        try {
            if (!passes(row)) {
                return null;
            }
            List<@Nullable Numeric> numbers = new ArrayList<>();
            for (Mapping.Amount amount : mapping.order().amounts()) {
                numbers.add(values.number(amount, row.getWithoutDefault(amount.column())));
            }
            String createdAt = mapping.order().createdAt();
            return new OrderRow(values.createdAt(createdAt, row.getWithoutDefault(createdAt)), numbers);
        } catch (OutsideDomainException e) {
            return new RowUnusable(e.reason());
        }
    }

    private boolean passes(Struct row) throws OutsideDomainException {
        RowFilter where = mapping.order().where();
        if (where.isNone()) {
            return true;
        }
        Map<String, @Nullable Object> asked = new HashMap<>();
        for (String column : filterColumns) {
            asked.put(column, values.present(column, row.getWithoutDefault(column)));
        }
        return where.passes(asked);
    }

    /** A guess here would leave an order with a user that no longer has it, for ever. */
    private void checkIdentity(String operation, @Nullable Struct before, Place place) {
        if (operation.equals("u") && (before == null ? identity == ReplicaIdentity.FULL : isLost(before))) {
            throw lost("an UPDATE", place);
        }
        if (operation.equals("d") && (before == null || isLost(before))) {
            throw lost("a DELETE", place);
        }
    }

    /**
     * An old row of a full identity that has nothing but its key had none when it was changed, whatever the identity is now; one by an
     * index has no other columns, so that there is only now to go by.
     */
    private boolean isLost(Struct before) {
        return identity == ReplicaIdentity.FULL
                ? FilledIn.id(before, mapping.order().user()) && FilledIn.all(before, carried)
                : FilledIn.id(before, mapping.order().user()) && !identityHolds.getAsBoolean();
    }

    private IdentityLostException lost(String operation, Place place) {
        return new IdentityLostException(operation + " of " + mapping.orders() + " at lsn=" + Place.text(place.lsn())
                + " does not tell whose order it was");
    }

    static String operation(SourceRecord record) {
        return ((Struct) record.value()).getString("op");
    }

    private static @Nullable Struct image(SourceRecord record, String name) {
        return ((Struct) record.value()).getStruct(name);
    }
}
