package dev.freshet.sink.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import dev.freshet.runtime.check.Finding;

/** Bad inputs, row 46: what a server can be that no test has at hand. */
class TargetServerTest {
    @Test
    void aServerThatWillDoIsFoundSo() {
        assertThat(new TargetServer(140_000, false, false, "UTF8", true, true, "me", "ml").findings("features"))
                .isEmpty();
    }

    @Test
    void everythingThatIsWrongIsFoundAtOnce() {
        assertThat(new TargetServer(130_000, true, true, "LATIN1", false, false, "me", "ml").findings("features"))
                .extracting(Finding::what)
                .containsExactly(
                        "The target is PostgreSQL 13",
                        "The target is a standby, which nobody can write",
                        "The target's encoding is LATIN1: a user's text id may not fit in it",
                        "Schema features (target.schema) does not exist in database ml, or me may not use it");
    }

    @Test
    void whoMayNotWriteIsToldWhatToRun() {
        assertThat(new TargetServer(170_000, false, true, "UTF8", true, false, "me", "ml").findings("features"))
                .extracting(Finding::cure)
                .containsExactly(
                        "ALTER ROLE me IN DATABASE ml SET default_transaction_read_only = off;",
                        "GRANT CREATE ON SCHEMA \"features\" TO me;");
    }
}
