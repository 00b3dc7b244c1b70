package dev.freshet.serving.auth;

import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.hash.Sha256;

/** The tokens that are accepted. Only their hashes are known here. */
public final class Tokens {
    /** A token's hash, from when on it is none, and who has it. */
    static final class Entry {
        private final byte[] sha256;
        private final @Nullable Instant expires;
        private final Holder holder;

        /** @param expires null for never */
        Entry(byte[] sha256, @Nullable Instant expires, Holder holder) {
            this.sha256 = sha256;
            this.expires = expires;
            this.holder = holder;
        }

        boolean isExpired(Instant now) {
            return expires != null && !now.isBefore(expires);
        }
    }

    private final List<Entry> entries;

    /** @param entries of which no two have the same hash */
    Tokens(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /**
     * Who has this token; empty if nobody, or if it has expired. All entries are compared, each in the same time, so that how long it
     * takes says nothing about any of them.
     */
    public Optional<Holder> holder(String token, Instant now) {
        byte[] hash = Sha256.bytes(token);
        @Nullable Entry found = null;
        for (Entry entry : entries) {
            if (MessageDigest.isEqual(entry.sha256, hash)) {
                found = entry;
            }
        }
        return found == null || found.isExpired(now) ? Optional.empty() : Optional.of(found.holder);
    }

    int size() {
        return entries.size();
    }

    /** Those whose tokens have expired by now, and had not before. */
    List<Holder> expiredSince(Instant before, Instant now) {
        return entries.stream()
                .filter(entry -> entry.isExpired(now) && !entry.isExpired(before))
                .map(entry -> entry.holder)
                .toList();
    }
}
