package dev.freshet.e2e.watch;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Id;
import dev.freshet.testkit.oracle.Oracle;
import dev.freshet.testkit.oracle.SourceOrder;
import dev.freshet.testkit.oracle.Truth;

/** All that has happened to a user, so that it can be told what was right at any time since. */
final class UserPast {
    /** So much is kept of what is over, or a busy user's past would be gone over from its beginning each time. */
    private static final int STEPS_KEPT = 400;

    private final Id user;
    private final Oracle beginning = new Oracle();
    private final List<Committed> steps = new ArrayList<>();
    private long beginningMicros = Long.MIN_VALUE;
    private boolean exists;

    UserPast(long user) {
        this.user = Id.of(user);
    }

    /** @param step of a transaction, what it did to this user */
    void add(Committed step) {
        int at = steps.size();
        while (at > 0 && steps.get(at - 1).micros() > step.micros()) {
            at--;
        }
        steps.add(at, step);
        while (steps.size() > STEPS_KEPT) {
            Committed oldest = steps.remove(0);
            beginningMicros = oldest.micros();
            apply(oldest, beginning);
        }
        exists = after(steps.size()).hasUser(user);
    }

    /** When the user was last changed; long ago, if that is not known any more. */
    long lastChange() {
        return steps.isEmpty() ? beginningMicros : steps.get(steps.size() - 1).micros();
    }

    boolean existsNow() {
        return exists;
    }

    /**
     * What may be right at t over what had been committed by then. PostgreSQL notes when a transaction commits a little before it
     * is decided which one goes first: those that committed within the doubt before t may stand behind a tick of t.
     *
     * @return one or more; null in it where there is to be no row
     */
    List<@Nullable Truth> at(long t, long doubt) {
        int count = steps.size();
        while (count > 0 && steps.get(count - 1).micros() > t) {
            count--;
        }
        List<@Nullable Truth> truths = new ArrayList<>();
        truths.add(after(count).at(user, t));
        while (count > 0 && steps.get(count - 1).micros() > t - doubt) {
            count--;
            truths.add(after(count).at(user, t));
        }
        return truths;
    }

    private Oracle after(int count) {
        Oracle oracle = beginning.copy();
        steps.subList(0, count).forEach(step -> apply(step, oracle));
        return oracle;
    }

    private void apply(Committed step, Oracle oracle) {
        for (Happening happening : step.happenings()) {
            if (happening instanceof Happening.UserCame) {
                oracle.putUser(user);
            } else if (happening instanceof Happening.UserLeft) {
                oracle.deleteUser(user);
            } else if (happening instanceof Happening.OrderCame came) {
                oracle.putOrder(Id.of(came.order()), new SourceOrder(user, came.createdAt(), List.of(came.total())));
            } else if (happening instanceof Happening.OrderLeft left) {
                oracle.deleteOrder(Id.of(left.order()));
            }
        }
    }
}
