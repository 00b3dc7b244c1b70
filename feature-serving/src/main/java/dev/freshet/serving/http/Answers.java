package dev.freshet.serving.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.config.ServingSettings;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.Id;
import dev.freshet.serving.http.LookupReply.Status;
import dev.freshet.serving.http.LookupReply.User;
import dev.freshet.serving.lookup.Age;
import dev.freshet.serving.lookup.Answer;
import dev.freshet.serving.lookup.FeatureRow;
import dev.freshet.serving.lookup.Lookup;
import dev.freshet.serving.lookup.LookupException;
import dev.freshet.serving.lookup.LsnWaits;
import dev.freshet.serving.lookup.SourceClock;

/** From a request to its reply: reads, waits where that is asked for, and says of each user what is true. */
final class Answers {
    /** Beside those that have a connection, so many times as many may wait for one; others are better sent away at once. */
    static final int CALLERS_PER_CONNECTION = 16;

    /** By so much a reply may come behind the time that may be waited: for a place among the callers, and not for the read. */
    private static final Duration LATE = Duration.ofSeconds(1);

    /** Who is told, once. */
    interface Caller {
        void reply(LookupReply reply);

        void refuse(Refusal refusal);

        void fail(RuntimeException bug);
    }

    private final Lookup lookup;
    private final SourceClock clock;
    private final LsnWaits waits;
    private final TableAge tableAge;
    private final ServingSettings settings;
    private final Time time;
    private final Semaphore callers;

    Answers(Lookup lookup, SourceClock clock, LsnWaits waits, TableAge tableAge, ServingSettings settings, Time time) {
        this.lookup = lookup;
        this.clock = clock;
        this.waits = waits;
        this.tableAge = tableAge;
        this.settings = settings;
        this.time = time;
        callers = new Semaphore(settings.poolSize() * CALLERS_PER_CONNECTION, true);
    }

    void answer(LookupRequest request, Caller caller) {
        try {
            if (!callers.tryAcquire()) {
                throw busy();
            }
            LookupReply reply = read(request);
            Long minLsn = request.conditions().minLsn();
            if (minLsn == null || reply.freshness().through().reaches(minLsn)) {
                caller.reply(checked(reply));
            } else {
                await(request, reply, minLsn, caller);
            }
        } catch (Refusal e) {
            caller.refuse(e);
        }
    }

    private void await(LookupRequest request, LookupReply now, long minLsn, Caller caller) throws Refusal {
        Duration asked = request.conditions().patience();
        Duration most = settings.maxWait();
        Duration patience = asked == null || asked.compareTo(most) > 0 ? most : asked;
        if (patience.isZero()) {
            throw notReached(now);
        }
        long deadline = time.nanoTime() + patience.toNanos();
        if (!waits.add(minLsn, patience, outcome -> afterWait(request, outcome, deadline, caller))) {
            throw new Refusal(
                    Problem.TOO_MANY_WAITERS, "too many requests wait for a min_lsn: ask again", now.freshness());
        }
    }

    private void afterWait(LookupRequest request, LsnWaits.Outcome outcome, long deadline, Caller caller) {
        try {
            LookupException failure = outcome.failure();
            if (failure != null && !outcome.reached()) {
                throw refusal(failure);
            }
            // Who has waited is not sent away at once for others who have waited too, but not kept for long either.
            long left = deadline + LATE.toNanos() - time.nanoTime();
            if (left <= 0 || !callers.tryAcquire(left, TimeUnit.NANOSECONDS)) {
                throw busy();
            }
            LookupReply reply = read(request);
            Long minLsn = request.conditions().minLsn();
            if (minLsn != null && !reply.freshness().through().reaches(minLsn)) {
                throw notReached(reply);
            }
            caller.reply(checked(reply));
        } catch (Refusal e) {
            caller.refuse(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            caller.refuse(busy());
        } catch (RuntimeException e) {
            caller.fail(e);
        }
    }

    private static Refusal busy() {
        return new Refusal(Problem.BUSY, "more is asked for than the connections to the target can take: ask again");
    }

    private static Refusal notReached(LookupReply reply) {
        return new Refusal(
                Problem.LSN_NOT_REACHED,
                "the table has not got so far in the time that may be waited: ask again, or wait longer",
                reply.freshness());
    }

    /** With a permit, which it gives back. */
    private LookupReply read(LookupRequest request) throws Refusal {
        try {
            Answer answer = lookup.find(new LinkedHashSet<>(request.users()), minLsn(request));
            tableAge.see(answer);
            LookupReply reply = reply(request, answer);
            requireGeneration(request, reply.freshness());
            return reply;
        } catch (LookupException e) {
            throw refusal(e);
        } finally {
            callers.release();
        }
    }

    private static long minLsn(LookupRequest request) {
        Long minLsn = request.conditions().minLsn();
        return minLsn == null ? 0 : minLsn;
    }

    private static Refusal refusal(LookupException failure) {
        Problem problem =
                switch (failure.reason()) {
                    case NOT_LIVE -> Problem.NOT_LIVE;
                    case BUSY -> Problem.BUSY;
                    case UNREACHABLE, REFUSED -> Problem.TARGET_UNREACHABLE;
                };
        return new Refusal(problem, String.valueOf(failure.getMessage()));
    }

    private LookupReply reply(LookupRequest request, Answer answer) {
        Duration asked = request.conditions().maxAge();
        Freshness freshness =
                new Freshness(answer.through(), Age.of(answer, clock, time), asked == null ? settings.maxAge() : asked);
        List<User> users = new ArrayList<>(request.users().size());
        for (Id id : request.users()) {
            FeatureRow row = answer.rows().get(id);
            users.add(new User(id, status(row, freshness), row));
        }
        return new LookupReply(request, users, freshness);
    }

    private static Status status(@Nullable FeatureRow row, Freshness freshness) {
        if (row == null) {
            return Status.NOT_FOUND;
        }
        return freshness.isFresh() && !freshness.age().isPast(row.exactUntil())
                ? Status.PRESENT
                : Status.OUTSIDE_MAX_AGE;
    }

    private static void requireGeneration(LookupRequest request, Freshness freshness) throws Refusal {
        Integer generation = request.conditions().generation();
        if (generation != null && generation != freshness.through().generation()) {
            throw new Refusal(
                    Problem.OTHER_GENERATION,
                    "another generation is live than the one asked for: name that one, or none",
                    freshness);
        }
    }

    private static LookupReply checked(LookupReply reply) throws Refusal {
        Freshness freshness = reply.freshness();
        if (reply.request().conditions().staleIsError()
                && (!freshness.isFresh()
                        || reply.users().stream().anyMatch(user -> user.status() == Status.OUTSIDE_MAX_AGE))) {
            throw new Refusal(Problem.OUTSIDE_MAX_AGE, "the features are older than asked for: ask again", freshness);
        }
        return reply;
    }
}
