package dev.freshet.ingest.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.check.Finding;

/** Bad inputs, row 47: what a server can be that no test has at hand. */
class ServerFactsTest {
    private static final ServerFacts GOOD =
            new ServerFacts(140_000, "logical", false, "UTF8", "me", true, false, true, 1 << 20, 1, 1);

    @Test
    void aServerThatWillDoIsFoundSo() {
        assertThat(GOOD.errors()).isEmpty();
        assertThat(GOOD.errorsOfNewSlot()).isEmpty();
        assertThat(GOOD.warnings()).isEmpty();
    }

    @Test
    void everythingThatIsWrongIsFoundAtOnceWithItsCure() {
        ServerFacts bad = new ServerFacts(130_021, "replica", true, "LATIN1", "me", false, false, false, -1, 0, 0);
        assertThat(whats(bad.errors()))
                .containsExactly(
                        "The server is PostgreSQL 13",
                        "The server is a standby",
                        "wal_level is replica",
                        "The database's encoding is LATIN1: a text may mean another in it",
                        "Role me may not replicate");
        assertThat(bad.errors())
                .extracting(Finding::cure)
                .anyMatch(cure -> cure.startsWith("Upgrade it to 14"))
                .anyMatch(cure -> cure.startsWith("ALTER SYSTEM SET wal_level = logical;"))
                .anyMatch(cure -> cure.contains("ENCODING 'UTF8'"))
                .contains("ALTER ROLE \"me\" REPLICATION;");
        assertThat(whats(bad.errorsOfNewSlot()))
                .containsExactly(
                        "All replication slots of the server are taken",
                        "All replication connections of the server are taken");
        assertThat(bad.warnings()).noneMatch(Finding::isError);
        assertThat(whats(bad.warnings()))
                .satisfiesExactly(
                        wal -> assertThat(wal).startsWith("max_slot_wal_keep_size is -1"),
                        role -> assertThat(role).startsWith("Role me may not run pg_log_standby_snapshot()"));
    }

    private static List<String> whats(List<Finding> findings) {
        return findings.stream().map(Finding::what).toList();
    }
}
