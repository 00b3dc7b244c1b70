package dev.freshet.serving.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tokens that are accepted. Only their hashes are known here. */
public final class Tokens {
    /** A token's hash, and who has it. */
    static final class Entry {
        private final byte[] sha256;
        private final Holder holder;

        Entry(byte[] sha256, Holder holder) {
            this.sha256 = sha256;
            this.holder = holder;
        }
    }

    private final List<Entry> entries;

    Tokens(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /**
     * Who has this token; empty if nobody. All entries are compared, each in the same time, so that how long it takes says nothing about
     * any of them.
     */
    public Optional<Holder> holder(String token) {
        byte[] hash = sha256(token);
        @Nullable Holder found = null;
        for (Entry entry : entries) {
            if (MessageDigest.isEqual(entry.sha256, hash)) {
                found = entry.holder;
            }
        }
        return Optional.ofNullable(found);
    }

    static byte[] sha256(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
