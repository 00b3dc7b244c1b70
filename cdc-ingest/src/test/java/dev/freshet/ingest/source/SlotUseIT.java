package dev.freshet.ingest.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

import dev.freshet.testkit.servers.SharedServers;

class SlotUseIT {
    @Test
    void itTellsHowMuchIsKeptForTheSlot() throws Exception {
        String slot = SharedServers.get().uniqueName("use").replace('-', '_');
        try (Connection connection = SharedServers.get().newDatabase().connect();
                Statement statement = connection.createStatement()) {
            assertThat(SlotUse.of(slot, connection)).isEmpty();
            statement.execute("SELECT pg_create_logical_replication_slot('" + slot + "', 'pgoutput')");
            long before = SlotUse.of(slot, connection).orElseThrow().retainedBytes();
            statement.execute("SELECT pg_logical_emit_message(true, '', repeat('x', 100000))");
            SlotUse after = SlotUse.of(slot, connection).orElseThrow();
            assertThat(after.lost()).isFalse();
            assertThat(after.retainedBytes() - before).isBetween(100_000L, 10_000_000L);
            statement.execute("SELECT pg_drop_replication_slot('" + slot + "')");
        }
    }
}
