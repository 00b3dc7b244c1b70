package dev.freshet.ingest.source;

import java.util.List;
import java.util.Optional;

import dev.freshet.ingest.capture.Mapping;
import dev.freshet.ingest.capture.ReplicaIdentity;
import dev.freshet.runtime.check.Finding;

/** Checks that the WAL holds, of an old row, what says whose it was. */
final class IdentityCheck {
    private IdentityCheck() {}

    /** Empty if a DELETE or an UPDATE of an order would not tell its user. */
    static Optional<ReplicaIdentity> ofOrders(Mapping mapping, TableFacts orders) {
        return switch (orders.identity()) {
            case 'f' -> Optional.of(ReplicaIdentity.FULL);
            case 'i' ->
                orders.identityColumns()
                                .containsAll(List.of(
                                        mapping.order().id(), mapping.order().user()))
                        ? Optional.of(ReplicaIdentity.INDEX)
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    static String cureOfOrders(Mapping mapping) {
        return "ALTER TABLE " + mapping.orders().quoted() + " REPLICA IDENTITY FULL;";
    }

    static Optional<Finding> findingOfOrders(Mapping mapping, TableFacts orders) {
        if (ofOrders(mapping, orders).isPresent()) {
            return Optional.empty();
        }
        String id = Mapping.quote(mapping.order().id());
        String user = Mapping.quote(mapping.order().user());
        return Optional.of(new Finding(
                "Table " + mapping.orders() + " has a replica identity that does not hold "
                        + mapping.order().user() + ": a deleted order would not tell whose it was",
                cureOfOrders(mapping) + " -- or, with less WAL, CREATE UNIQUE INDEX on (" + id + ", " + user
                        + ") and ALTER TABLE ... REPLICA IDENTITY USING INDEX ..."));
    }

    static Optional<Finding> findingOfUsers(Mapping mapping, TableFacts users) {
        boolean tells =
                switch (users.identity()) {
                    case 'd', 'f' -> true;
                    case 'i' -> users.identityColumns().contains(mapping.userId());
                    default -> false;
                };
        return tells
                ? Optional.empty()
                : Optional.of(new Finding(
                        "Table " + mapping.users() + " has a replica identity that does not hold " + mapping.userId(),
                        "ALTER TABLE " + mapping.users().quoted() + " REPLICA IDENTITY DEFAULT;"));
    }
}
