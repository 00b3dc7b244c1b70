package dev.freshet.e2e.watch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All that has happened in the source, by user. Not safe for use by several threads. */
final class Past {
    private final Map<Long, UserPast> users = new HashMap<>();

    void add(Committed transaction) {
        Map<Long, List<Happening>> byUser = new LinkedHashMap<>();
        for (Happening happening : transaction.happenings()) {
            byUser.computeIfAbsent(user(happening), none -> new ArrayList<>()).add(happening);
        }
        byUser.forEach((user, happenings) -> users.computeIfAbsent(user, UserPast::new)
                .add(new Committed(transaction.xid(), transaction.micros(), happenings)));
    }

    private static long user(Happening happening) {
        if (happening instanceof Happening.UserCame came) {
            return came.user();
        }
        if (happening instanceof Happening.UserLeft left) {
            return left.user();
        }
        if (happening instanceof Happening.OrderCame came) {
            return came.user();
        }
        return ((Happening.OrderLeft) happening).user();
    }

    /** Null of one whom the source has never had. */
    @Nullable
    UserPast of(long user) {
        return users.get(user);
    }

    /** All whom the source has ever had. */
    Set<Long> users() {
        return users.keySet();
    }
}
