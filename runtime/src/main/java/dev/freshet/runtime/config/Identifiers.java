package dev.freshet.runtime.config;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

import dev.freshet.schemas.catalogue.FeatureDefinition;
import dev.freshet.schemas.catalogue.ReservedWords;

/** What may be a name in PostgreSQL. */
final class Identifiers {
    private static final int MAX_BYTES = 63;
    private static final Pattern UNUSABLE = Pattern.compile("[\",\\\\\\p{Cntrl}]|\\$\\w*\\$");

    private Identifiers() {}

    /** A name that somebody else chose: anything, as we quote it. */
    static void check(Faults faults, String key, String name) {
        boolean right = !name.isBlank()
                && name.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES
                && !UNUSABLE.matcher(name).find();
        faults.require(
                right,
                key,
                name,
                "write a name of up to 63 bytes as PostgreSQL stores it, without quotes, commas, backslashes and $$");
    }

    /** A name that we create and that readers should not have to quote. */
    static void checkPlain(Faults faults, String key, String name) {
        faults.require(
                        FeatureDefinition.NAME.matcher(name).matches(),
                        key,
                        name,
                        "write a name of the form " + FeatureDefinition.NAME)
                .require(
                        !ReservedWords.contains(name) && !name.startsWith("pg_"),
                        key,
                        name,
                        "is a word of PostgreSQL's own: choose another name");
    }
}
