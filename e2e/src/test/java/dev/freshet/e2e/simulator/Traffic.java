package dev.freshet.e2e.simulator;

import java.math.BigDecimal;
import java.util.List;
import java.util.SplittableRandom;

import dev.freshet.schemas.Id;
import dev.freshet.schemas.Numeric;
import dev.freshet.testkit.oracle.SourceOrder;

/** What a shop does to its tables: small transactions over a handful of rows, so that they meet one another all the time. */
final class Traffic {
    private static final int ORDERS = 5;

    private enum Statement {
        INSERT_USER,
        DELETE_USER,
        PUT_ORDER,
        DELETE_ORDER,
        DELETE_AND_REINSERT_ORDER,
        TRUNCATE_ORDERS,
        TRUNCATE_USERS
    }

    private final World world;
    private final SourceWal source;
    private final SplittableRandom random;
    private final Weather<Statement> statements;

    Traffic(World world) {
        this.world = world;
        source = world.source;
        random = world.random;
        statements = new Weather<>(random, 1, Statement.values(), 24, 12, 40, 12, 8, 1, 1);
    }

    /** None, one or several statements; commit times are not always in commit order. */
    void transaction() {
        world.clock += random.nextInt(5);
        for (int left = random.nextInt(4); left > 0; left--) {
            statement(World.USERS.get(random.nextInt(World.USERS.size())), Id.of(100 + random.nextInt(ORDERS)));
        }
        source.commit(world.clock - random.nextInt(3));
    }

    private void statement(Id user, Id order) {
        boolean isThere = source.tables.order(order) != null;
        switch (statements.pick(random)) {
            case INSERT_USER -> source.putUser(user);
            case DELETE_USER -> {
                if (source.tables.hasUser(user)) {
                    source.deleteUser(user);
                }
            }
            case PUT_ORDER -> source.putOrder(order, newOrder(user));
            case DELETE_ORDER -> {
                if (isThere) {
                    source.deleteOrder(order);
                }
            }
            case DELETE_AND_REINSERT_ORDER -> {
                if (isThere) {
                    source.deleteOrder(order);
                    source.putOrder(order, newOrder(user));
                }
            }
            case TRUNCATE_ORDERS -> source.truncateOrders();
            case TRUNCATE_USERS -> {
                source.truncateUsers();
                source.truncateOrders();
            }
        }
    }

    private SourceOrder newOrder(Id user) {
        Long createdAt = random.nextInt(12) == 0 ? null : (Long) (world.clock + random.nextInt(-40, 12));
        return new SourceOrder(user, createdAt, List.of(Numeric.of(BigDecimal.valueOf(random.nextInt(-99, 999), 2))));
    }
}
