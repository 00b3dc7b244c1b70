package dev.freshet.ops.erase;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;

import dev.freshet.ops.erase.UserTopic.Kind;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.time.Time;

/** The end of a user in the topics, and whether that is the last that they have of it. */
final class Ending {
    private static final Duration POLL = Duration.ofMillis(300);

    private final ErasedUser user;
    private final TopicReader reader;
    private final Duration patience;
    private final Time time;

    Ending(ErasedUser user, TopicReader reader, Duration patience, Time time) {
        this.user = user;
        this.reader = reader;
        this.patience = patience;
        this.time = time;
    }

    /**
     * Returns, once nothing but nulls is the newest of what the user had, what that is. Streams collects orders that stood apart in
     * slices; in the change logs it is so once ingest has answered.
     *
     * @throws Stop.Operator if it does not become so in time, or the user is back
     */
    Map<UserTopic, Remains> await(Collection<UserTopic> topics) throws InterruptedException {
        long deadline = time.nanoTime() + patience.toNanos();
        while (true) {
            Map<UserTopic, Remains> left = Remains.of(topics, user, reader);
            List<UserTopic> open = left.entrySet().stream()
                    .filter(one -> !one.getValue().isEnded())
                    .map(Map.Entry::getKey)
                    .toList();
            if (open.isEmpty()) {
                return left;
            }
            for (UserTopic topic : open) {
                if (topic.kind() == Kind.CHANGES) {
                    throw isBack(user, topic);
                }
            }
            if (time.nanoTime() - deadline > 0) {
                throw new Stop.Operator(
                        "user " + user.text() + " is not ended within " + patience.toSeconds() + " s in "
                                + String.join(
                                        ", ", open.stream().map(UserTopic::name).toList()),
                        "Run this again, with more --patience");
            }
            time.pause(POLL);
        }
    }

    /**
     * An erasure itself adds to nothing but the changelogs of state.
     *
     * @param ended what the topics had when the user was ended
     * @param left what they have now
     * @throws Stop.Operator if a user is told of in a change log or in features since then, even if that has ended, too
     */
    static void requireNoNews(ErasedUser user, Map<UserTopic, Remains> ended, Map<UserTopic, Remains> left) {
        left.forEach((topic, remains) -> {
            Remains before = ended.get(topic);
            if (topic.kind() != Kind.STATE && before != null && remains.last() > before.last()) {
                throw isBack(user, topic);
            }
        });
    }

    private static Stop.Operator isBack(ErasedUser user, UserTopic topic) {
        return new Stop.Operator(
                "topic " + topic.name() + " tells of user " + user.text()
                        + " again since its end was asked for: it is in the source again, or was, or somebody"
                        + " asked for a repair. Not all is removed",
                "Delete it in the source, if it is to be erased, and run this again");
    }
}
