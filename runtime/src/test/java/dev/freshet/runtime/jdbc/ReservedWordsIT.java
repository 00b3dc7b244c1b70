package dev.freshet.runtime.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

import dev.freshet.schemas.catalogue.ReservedWords;
import dev.freshet.testkit.servers.SharedServers;

/** Bad inputs, row 26: the words that this PostgreSQL takes for no column's name without quotes. */
class ReservedWordsIT {
    @Test
    void everyWordThatAColumnCannotBeNamedByIsReserved() throws SQLException {
        List<String> words = new ArrayList<>();
        try (Connection connection = SharedServers.get().newDatabase().connect();
                Statement statement = connection.createStatement()) {
            ResultSet row = statement.executeQuery("""
                    SELECT word FROM pg_get_keywords() WHERE catcode IN ('R', 'T')
                    UNION SELECT attname FROM pg_attribute WHERE attrelid = 'pg_class'::regclass AND attnum < 0""");
            while (row.next()) {
                words.add(row.getString(1));
            }
        }
        assertThat(words).hasSizeGreaterThan(90).allMatch(ReservedWords::contains);
    }
}
