package dev.freshet.streams.core;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Id;

/**
 * Orders kept apart that a reset of their user took out of use: noted beside the progress, one entry for each user and the offset
 * since which its orders were kept apart, and deleted in slices.
 */
final class Garbage {
    /** 0 is the progress itself, 1 the age of the position. */
    private static final byte TAG = 2;

    private static final byte[] FROM = {TAG};
    private static final byte[] TO = {TAG + 1};

    private final Stores stores;
    private boolean isLeft;

    Garbage(Stores stores) {
        this.stores = stores;
        isLeft = first() != null;
    }

    void add(Id user, long since) {
        stores.progress().put(key(Keys.orders(user, since)), new byte[0]);
        isLeft = true;
    }

    /** Deletes at most so many orders. */
    void collect(int budget) {
        int left = budget;
        while (left > 0 && isLeft) {
            byte[] note = first();
            if (note == null) {
                isLeft = false;
                return;
            }
            byte[] from = java.util.Arrays.copyOfRange(note, 1, note.length);
            left -= delete(stores.orders(), from, left);
            left -= delete(stores.timeline(), from, left);
            if (left > 0) {
                stores.progress().delete(note);
            }
        }
    }

    private static int delete(ByteStore store, byte[] from, int atMost) {
        if (atMost == 0) {
            return 0;
        }
        List<byte[]> found = new ArrayList<>();
        store.ascend(from, Keys.behind(from), (key, value) -> {
            found.add(key);
            return found.size() < atMost;
        });
        found.forEach(store::delete);
        return found.size();
    }

    private byte @Nullable [] first() {
        byte[][] found = new byte[1][];
        stores.progress().ascend(FROM, TO, (key, value) -> {
            found[0] = key;
            return false;
        });
        return found[0];
    }

    private static byte[] key(byte[] orders) {
        byte[] key = new byte[orders.length + 1];
        key[0] = TAG;
        System.arraycopy(orders, 0, key, 1, orders.length);
        return key;
    }
}
