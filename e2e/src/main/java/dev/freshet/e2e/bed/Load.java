package dev.freshet.e2e.bed;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

import dev.freshet.e2e.process.Patience;
import dev.freshet.e2e.shop.Shop;
import dev.freshet.runtime.jdbc.SqlFault;
import dev.freshet.runtime.time.Time;
import dev.freshet.testkit.servers.Database;

/**
 * Random changes of the shop all the time, by several sessions whose transactions interleave, each on users of its own: what happens
 * to a user has an order that nobody can doubt. A session that is lost is begun again.
 */
public final class Load implements AutoCloseable {
    private static final Duration BETWEEN_TRANSACTIONS = Duration.ofMillis(40);
    private static final Duration WHILE_AWAY = Duration.ofMillis(200);
    private static final Duration STANDING_STILL = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofMillis(10);

    private final Database database;
    private final Time time;
    private final List<Thread> writers = new ArrayList<>();
    private final AtomicInteger working = new AtomicInteger();
    private final AtomicLong transactions = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private volatile boolean paused = true;
    private volatile boolean stopped;

    private Load(Database database, Time time) {
        this.database = database;
        this.time = time;
    }

    /** One that stands still until {@link #resume}. */
    static Load of(int sessions, Database database, SplittableRandom random, Time time) {
        Load load = new Load(database, time);
        for (int i = 1; i <= sessions; i++) {
            Shop.Part part = new Shop.Part(i, false);
            SplittableRandom own = random.split();
            Thread writer = new Thread(() -> load.write(part, own), "load-" + i);
            writer.setDaemon(true);
            load.writers.add(writer);
            writer.start();
        }
        return load;
    }

    private void write(Shop.Part part, SplittableRandom random) {
        Shop shop = null;
        try {
            while (!stopped) {
                working.incrementAndGet(); // before the look: who waits for us to stand still looks in the other order
                try {
                    shop = paused ? shop : transact(shop, part, random);
                } finally {
                    working.decrementAndGet();
                }
                time.pause(shop == null ? WHILE_AWAY : BETWEEN_TRANSACTIONS);
            }
        } catch (InterruptedException e) {
            stopped = true;
        } finally {
            close(shop);
        }
    }

    /** Returns the session to go on with; null if it is lost. */
    private @Nullable Shop transact(@Nullable Shop open, Shop.Part part, SplittableRandom random) {
        Shop shop = open;
        try {
            if (shop == null) {
                shop = Shop.changing(part, database, random);
            }
            shop.transact();
            transactions.incrementAndGet();
            return shop;
        } catch (SQLException e) {
            failures.incrementAndGet();
            return shop != null && SqlFault.of(e) != SqlFault.WAIT && isRolledBack(shop) ? shop : close(shop);
        }
    }

    private static boolean isRolledBack(Shop shop) {
        try {
            shop.rollback();
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    private static @Nullable Shop close(@Nullable Shop shop) {
        if (shop != null) {
            try {
                shop.close();
            } catch (SQLException e) {
                return null; // it was lost already
            }
        }
        return null;
    }

    /** Returns when nobody changes anything any more. */
    public void pause() throws Exception {
        paused = true;
        new Patience(time, STANDING_STILL).until("the load's standing still", LOOK, () -> working.get() == 0);
    }

    public void resume() {
        paused = false;
    }

    /** How many transactions were ended, most of them by a commit. */
    public long transactions() {
        return transactions.get();
    }

    /** How many failed, as the server was away or lost against others. */
    public long failures() {
        return failures.get();
    }

    @Override
    public void close() throws InterruptedException {
        stopped = true;
        for (Thread writer : writers) {
            writer.interrupt();
            writer.join(WHILE_AWAY.toMillis() * 50);
        }
    }
}
