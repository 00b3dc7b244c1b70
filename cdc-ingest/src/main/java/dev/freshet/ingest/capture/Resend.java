package dev.freshet.ingest.capture;

import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.record.IngestPosition.Identity;

/**
 * The changes behind the last boundary that are in the log already: a restarted engine sends them again, from that boundary
 * on, in the same order. They are counted off, and the last must be the one that the position names.
 */
final class Resend {
    private final long expected;
    private final @Nullable Identity last;
    private long seen;

    Resend(long expected, @Nullable Identity last) {
        if (expected > 0 == (last == null)) {
            throw new IllegalArgumentException("a position with " + expected + " changes and the last " + last);
        }
        this.expected = expected;
        this.last = last;
    }

    boolean isOver() {
        return seen == expected;
    }

    /** Whether this change is in the log already. */
    boolean drops(Place place) {
        if (isOver()) {
            return false;
        }
        seen++;
        if (isOver() && !new Identity(place.lsn(), place.xid()).equals(last)) {
            throw new ResendMismatchException("change " + expected + " behind the last boundary is lsn="
                    + Place.text(place.lsn()) + " xid=" + place.xid() + ", the log's was " + last);
        }
        return true;
    }

    /** The transaction they belong to has ended. */
    void boundary(long lsn) {
        if (!isOver()) {
            throw new ResendMismatchException("the source transaction that ends at lsn=" + Place.text(lsn) + " has "
                    + seen + " changes, the log had " + expected + " of it");
        }
    }
}
