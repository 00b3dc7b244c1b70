package dev.freshet.e2e.watch;

import java.util.List;

/**
 * A transaction of the source, as far as it changed the shop.
 *
 * @param micros when it committed, as PostgreSQL notes it and tells whoever decodes its WAL
 */
record Committed(long xid, long micros, List<Happening> happenings) {
    Committed {
        happenings = List.copyOf(happenings);
    }
}
