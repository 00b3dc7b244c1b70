package dev.freshet.runtime.config;

import java.util.Set;

/** How the source keeps the ids of users, and the target user_id. */
public enum IdType {
    BIGINT("bigint", Set.of("bigint", "integer", "smallint")),
    UUID("uuid", Set.of("uuid")),
    TEXT("text", Set.of("text", "character varying"));

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

    /** The types, as PostgreSQL's catalogue spells them, that the source's columns may have. */
    public Set<String> sourceTypes() {
        return sourceTypes;
    }
}
