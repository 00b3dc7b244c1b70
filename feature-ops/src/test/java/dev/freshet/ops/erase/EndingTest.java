package dev.freshet.ops.erase;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

import dev.freshet.ops.erase.Remains.Entry;
import dev.freshet.ops.erase.UserTopic.Kind;
import dev.freshet.runtime.config.IdType;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.schemas.Id;

class EndingTest {
    private static final byte[] KEY = {1, 1};

    private final ErasedUser user = new ErasedUser(Id.of(17), IdType.BIGINT);

    private static UserTopic topic(Kind kind) {
        return new UserTopic("the topic", kind, 1, 1, entry -> true);
    }

    private static Map<UserTopic, Remains> with(UserTopic topic, Entry... entries) {
        return Map.of(topic, new Remains(List.of(entries)));
    }

    @Test
    void aUserWhoIsToldOfAgainIsNoticedEvenWhenGoneAgain() {
        for (Kind kind : List.of(Kind.CHANGES, Kind.FEATURES)) {
            UserTopic topic = topic(kind);
            Map<UserTopic, Remains> ended = with(topic, new Entry(1, KEY, false), new Entry(5, KEY, true));
            assertThatCode(() -> Ending.requireNoNews(user, ended, with(topic, new Entry(5, KEY, true))))
                    .doesNotThrowAnyException();
            assertThatThrownBy(() -> Ending.requireNoNews(
                            user, ended, with(topic, new Entry(5, KEY, true), new Entry(9, KEY, true))))
                    .isInstanceOf(Stop.Operator.class)
                    .hasMessageContaining("topic the topic tells of user 17 again");
        }
    }

    @Test
    void whatAnErasureAddsToChangelogsIsNoNews() {
        UserTopic topic = topic(Kind.STATE);
        assertThatCode(() -> Ending.requireNoNews(
                        user, with(topic, new Entry(1, KEY, true)), with(topic, new Entry(2, KEY, true))))
                .doesNotThrowAnyException();
    }
}
