package dev.freshet.ops.erase;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.freshet.ops.erase.UserTopic.Kind;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.schemas.Names;

/** The topics of a deployment whose keys name users, whatever generation they are of. */
final class Topics {
    private static final String PROGRESS = "-progress-changelog";

    private final Names names;
    private final ErasedUser user;

    Topics(Names names, ErasedUser user) {
        this.names = names;
        this.user = user;
    }

    /** Those of these topics. */
    List<UserTopic> among(Collection<String> all, TopicReader reader) {
        Pattern form = Pattern.compile(
                Pattern.quote(names.prefix()) + "\\.(changes|features|features-job)\\.g(\\d{1,9})(-.*-changelog)?");
        List<UserTopic> found = new ArrayList<>();
        for (String name : all.stream().sorted().toList()) {
            Matcher matcher = form.matcher(name);
            if (matcher.matches() && matcher.group(1).equals("features-job") == (matcher.group(3) != null)) {
                found.add(topic(name, matcher.group(1), Integer.parseInt(matcher.group(2)), reader.partitions(name)));
            }
        }
        return found;
    }

    private UserTopic topic(String name, String kind, int generation, int partitions) {
        return switch (kind) {
            case "changes" -> new UserTopic(name, Kind.CHANGES, generation, partitions, user::hasChange);
            case "features" -> new UserTopic(name, Kind.FEATURES, generation, partitions, user::hasFeatures);
            default ->
                new UserTopic(
                        name,
                        Kind.STATE,
                        generation,
                        partitions,
                        name.endsWith(PROGRESS) ? user::hasProgress : user::hasState);
        };
    }

    /**
     * Nobody would end the user in a topic that nobody feeds.
     *
     * @throws Stop.Operator if there is one
     */
    static void requireFed(List<UserTopic> topics, List<Generation> fed) {
        for (UserTopic topic : topics) {
            boolean isFed = fed.stream()
                    .mapToInt(one -> topic.kind() == Kind.CHANGES ? one.log().number() : one.number())
                    .anyMatch(number -> number == topic.generation());
            if (!isFed) {
                throw new Stop.Operator(
                        "topic " + topic.name() + " is of a generation that is not fed any more, and may hold the user",
                        "Remove it: freshet replay drop " + topic.generation()
                                + " --yes; if there is no such generation: kafka-topics.sh --delete --topic "
                                + topic.name());
            }
        }
    }
}
