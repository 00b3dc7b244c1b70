package dev.freshet.ingest.repair;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.ingest.capture.Entry;
import dev.freshet.ingest.capture.EventReader;
import dev.freshet.schemas.Id;

/**
 * Where the thread that reads rows anew and the one that appends to the log meet. One attempt at a time; what is known of it is in
 * heap only, so after a crash its marks mean nothing and it is made again.
 */
public final class RepairDesk {
    private static final Logger log = LoggerFactory.getLogger(RepairDesk.class);

    private final EventReader reader;
    private volatile @Nullable Attempt attempt;

    private static final class Attempt {
        private final String token;
        private final Set<Id> changed = new HashSet<>();
        private final CompletableFuture<Set<Id>> replaced = new CompletableFuture<>();
        private @Nullable Map<Id, List<SourceRecord>> rows;
        private Entry.@Nullable Erasure erasure;
        private @Nullable Set<Id> appended;
        private boolean hasBegun;
        private boolean everyUserChanged;

        Attempt(String token) {
            this.token = token;
        }

        boolean isDisturbed(Id user) {
            return everyUserChanged || changed.contains(user);
        }
    }

    /** @param reader of its own: maps rows on the thread that appends */
    public RepairDesk(EventReader reader) {
        this.reader = reader;
    }

    /**
     * Begins an attempt; the one before is forgotten.
     *
     * @return completes, when it is committed, with the users that were replaced in the log, or ended there
     */
    synchronized CompletableFuture<Set<Id>> open(String token) {
        Attempt next = new Attempt(token);
        attempt = next;
        return next.replaced;
    }

    /** The rows, read between the marks: before the second mark is set. */
    synchronized void offer(Map<Id, List<SourceRecord>> rows) {
        Attempt current = attempt;
        if (current != null) {
            current.rows = rows;
        }
    }

    /** What is to be ended, of a user whom the source did not have between the marks: before the second mark is set. */
    synchronized void offer(Entry.Erasure erasure) {
        Attempt current = attempt;
        if (current != null) {
            current.erasure = erasure;
        }
    }

    synchronized void close() {
        attempt = null;
    }

    /** A row of this user is appended. */
    public void changed(Id user) {
        if (attempt == null) {
            return;
        }
        synchronized (this) {
            Attempt current = attempt;
            if (current != null && current.hasBegun && current.appended == null) {
                current.changed.add(user);
            }
        }
    }

    /** A truncation is appended. */
    public synchronized void everyUserChanged() {
        Attempt current = attempt;
        if (current != null && current.hasBegun) {
            current.everyUserChanged = true;
        }
    }

    /** The log has come to a mark. Returns what is to be appended here. */
    public synchronized List<Entry> passes(Entry.Mark mark) {
        Attempt current = attempt;
        if (current == null || !current.token.equals(mark.token())) {
            return List.of();
        }
        if (!mark.isEnd()) {
            current.hasBegun = true;
            return List.of();
        }
        List<Entry> entries = new ArrayList<>();
        Set<Id> appended = new HashSet<>();
        if (current.hasBegun && current.rows != null) {
            current.rows.forEach((user, rows) -> {
                if (!current.isDisturbed(user)) {
                    replace(user, rows, mark, entries, appended);
                }
            });
        }
        Entry.Erasure erasure = current.erasure;
        if (current.hasBegun && erasure != null && !current.isDisturbed(erasure.user())) {
            entries.add(erasure);
            appended.add(erasure.user());
        }
        current.appended = appended;
        return entries;
    }

    private void replace(Id user, List<SourceRecord> rows, Entry.Mark mark, List<Entry> entries, Set<Id> appended) {
        try {
            entries.addAll(reader.replacement(user, rows, mark));
            appended.add(user);
        } catch (RuntimeException e) {
            // It would end every ingest that takes the request up.
            log.error("user={} cannot be repaired", user, e);
        }
    }

    /** All that was appended so far is committed. */
    public void handled() {
        if (attempt == null) {
            return;
        }
        synchronized (this) {
            Attempt current = attempt;
            if (current != null && current.appended != null) {
                current.replaced.complete(current.appended);
            }
        }
    }
}
