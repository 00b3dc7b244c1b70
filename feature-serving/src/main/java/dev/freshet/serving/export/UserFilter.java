package dev.freshet.serving.export;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Optional;

import dev.freshet.runtime.config.IdType;

/**
 * Which users are asked for. A few are named, so that an index leads to their rows; of many the whole table is read, which is
 * faster then.
 *
 * @param users the ids, of which none reads nothing; empty for all that there are
 */
record UserFilter(Optional<List<String>> users, IdType ids) {
    /** Beyond that, most pages of a table are read anyway. */
    static final int MOST = 10_000;

    /** A condition on the column, which is SQL already. */
    String on(String column) {
        return users.map(few -> "%s = ANY (ARRAY[%s]::%s[])"
                        .formatted(column, few.stream().map(SqlText::literal).collect(joining(",")), ids.sqlName()))
                .orElse("true");
    }

    /** The id as it is read: a bigint, or text. */
    String read(String column) {
        return switch (ids) {
            case BIGINT -> column + "::bigint";
            case UUID, TEXT -> column + "::text";
        };
    }
}
