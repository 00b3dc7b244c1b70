package dev.freshet.runtime.config;

import java.util.Set;
import java.util.regex.Pattern;

/** How the source keeps the ids of users, and the target user_id. */
public enum IdType {
    BIGINT("bigint", Set.of("bigint", "integer", "smallint")),
    UUID("uuid", Set.of("uuid")),
    TEXT("text", Set.of("text", "character varying"));

    private static final Pattern PRINTED_UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final String sqlName;
    private final Set<String> sourceTypes;

    IdType(String sqlName, Set<String> sourceTypes) {
        this.sqlName = sqlName;
        this.sourceTypes = sourceTypes;
    }

    /** The type of user_id in the target. */
    public String sqlName() {
        return sqlName;
    }

    /** Whether a text is a UUID as PostgreSQL prints one: in small letters, so that equal ones are equal texts. */
    public static boolean isPrintedUuid(String text) {
        return PRINTED_UUID.matcher(text).matches();
    }

    /** The types, as PostgreSQL's catalogue spells them, that the source's columns may have. */
    public Set<String> sourceTypes() {
        return sourceTypes;
    }
}
