package dev.freshet.e2e.watch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

import dev.freshet.testkit.process.Deadline;

/**
 * Holds what a reader sees against the past. What contradicts it is looked at again for a while, as a commit may be decoded a
 * moment before other sessions see it. Not safe for use by several threads.
 */
final class Judge {
    private static final Duration BETWEEN_WHOLE_LOOKS = Duration.ofMillis(500);

    private final Past past = new Past();
    private final Claims claims = new Claims();
    private final Consumer<String> findings;
    private final Duration doubted;
    private final Falls falls;
    private final List<Open> open = new ArrayList<>();
    private final Map<Long, Current> current = new HashMap<>();
    private Deadline nextWholeLook = Deadline.in(Duration.ZERO);

    private record Open(Claim claim, Deadline until) {}

    /** A row that was right as of the user's last change: until the next one there is nothing new to say of it. */
    private record Current(int epoch, long version, long lastChange) {}

    /** @param doubted how long a contradiction may be one of what is not known yet */
    Judge(Consumer<String> findings, Duration doubted) {
        this.findings = findings;
        this.doubted = doubted;
        falls = new Falls(findings);
    }

    Claims claims() {
        return claims;
    }

    void learn(List<Committed> news) {
        news.forEach(past::add);
    }

    void see(TableRead read) {
        for (FeatureRow row : read.rows()) {
            if (falls.isNew(row)) {
                claim(claims.isTruthWhenComputed(row));
            }
        }
        falls.see(read);
        if (nextWholeLook.isPast()) {
            nextWholeLook = Deadline.in(BETWEEN_WHOLE_LOOKS);
            lookAtAll(read);
        }
    }

    private void lookAtAll(TableRead read) {
        Set<Long> there = new HashSet<>();
        for (FeatureRow row : read.rows()) {
            there.add(row.user());
            UserPast user = past.of(row.user());
            Current now = new Current(row.epoch(), row.version(), user == null ? 0 : user.lastChange());
            boolean canBeTold = now.lastChange() <= read.completeThrough() - Claims.DOUBT;
            if (canBeTold && !now.equals(current.put(row.user(), now))) {
                claim(Claims.isTruthNow(row, read.completeThrough()));
            }
            claim(Claims.exists(row.user(), true, read.completeThrough()));
        }
        for (long user : past.users()) {
            if (!there.contains(user)) {
                claim(Claims.exists(user, false, read.completeThrough()));
            }
        }
    }

    private void claim(Claim claim) {
        open.add(new Open(claim, Deadline.in(doubted)));
    }

    /** Decides what can be decided by now. */
    void settle() {
        open.removeIf(one -> {
            Optional<String> contradiction = one.claim().contradiction(past);
            if (contradiction.isPresent() && one.until().isPast()) {
                findings.accept(contradiction.get());
            }
            return contradiction.isEmpty() || one.until().isPast();
        });
    }
}
