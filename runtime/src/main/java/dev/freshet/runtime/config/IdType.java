package dev.freshet.runtime.config;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

import dev.freshet.schemas.Id;

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

    /** The user's id that PostgreSQL prints as this text; empty if it prints none so. */
    public Optional<Id> id(String text) {
        return switch (this) {
            case BIGINT -> number(text).map(Id::of);
            case UUID -> Optional.of(text).filter(IdType::isPrintedUuid).map(Id::of);
            case TEXT -> Optional.of(text).filter(any -> any.indexOf('\0') < 0).map(Id::of);
        };
    }

    private static Optional<Long> number(String text) {
        try {
            long number = Long.parseLong(text);
            return Long.toString(number).equals(text) ? Optional.of(number) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** The types, as PostgreSQL's catalogue spells them, that the source's columns may have. */
    public Set<String> sourceTypes() {
        return sourceTypes;
    }
}
