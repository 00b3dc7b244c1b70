package dev.freshet.schemas.catalogue;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Words that PostgreSQL takes for a column's or a schema's name in quotes only, or not at all: the key words that are
 * reserved, those that may only name a function or a type, and the columns that every table has already.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-keywords-appendix.html">SQL key words</a>
 */
public final class ReservedWords {
    private static final Set<String> WORDS =
            Stream.of("""
                    all analyse analyze and any array as asc asymmetric both case cast check collate column constraint
                    create current_catalog current_date current_role current_time current_timestamp current_user default
                    deferrable desc distinct do else end except false fetch for foreign from grant group having in
                    initially intersect into lateral leading limit localtime localtimestamp not null offset on only or
                    order placing primary references returning select session_user some symmetric system_user table then
                    to trailing true union unique user using variadic when where window with

                    authorization binary collation concurrently cross current_schema freeze full ilike inner is isnull
                    join left like natural notnull outer overlaps right similar tablesample verbose

                    cmax cmin ctid tableoid xmax xmin
                    """.strip().split("\\s+")).collect(Collectors.toUnmodifiableSet());

    private ReservedWords() {}

    /** @param name in small letters */
    public static boolean contains(String name) {
        return WORDS.contains(name);
    }
}
