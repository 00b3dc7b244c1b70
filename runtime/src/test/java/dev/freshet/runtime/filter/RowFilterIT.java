package dev.freshet.runtime.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.freshet.testkit.servers.SharedServers;

/** The evaluation against PostgreSQL's own, of the same text on the same rows. */
class RowFilterIT {
    private static final int ROWS = 300;
    private static final int FILTERS = Integer.getInteger("freshet.runs", 500);

    private static final String UUID = "0191e7d4-0000-7000-8000-00000000000";
    private static final Map<String, List<String>> LITERALS = new TreeMap<>(Map.of(
            "a", List.of("'x'", "'X'", "'it''s'", "''", "'x '", "'5'", "'ä'", "'NULL'"),
            "\"B b\"", List.of("'x'", "'x '", "''", "'\"'"),
            "c", List.of("0", "-5", "5", "007", "2147483647", "99999999999999999999"),
            "d", List.of("1", "-1", "9223372036854775807", "-9223372036854775808"),
            "e", List.of("1", "32767"),
            "f", List.of("TRUE", "false"),
            "g", List.of("'" + UUID + "1'", "'" + UUID + "a'"),
            "h", List.of("'new'", "'Paid '"),
            "\"order\"", List.of("'x'", "'y'")));

    private final long seed = Long.getLong("freshet.seed", new SplittableRandom().nextLong());
    private final SplittableRandom random = new SplittableRandom(seed);
    private Connection connection;

    @BeforeEach
    void createTable() throws SQLException {
        System.out.println("seed " + seed);
        connection = SharedServers.get().newDatabase().connect();
        run("CREATE TYPE state AS ENUM ('new', 'Paid ')");
        run(
                "CREATE TABLE t (id int PRIMARY KEY, a text, \"B b\" varchar(9), c int, d bigint, e smallint, f boolean, g uuid,"
                        + " h state, \"order\" text)");
        for (int id = 0; id < ROWS; id++) {
            StringBuilder values = new StringBuilder(Integer.toString(id));
            for (String column : new String[] {"a", "\"B b\"", "c", "d", "e", "f", "g", "h", "\"order\""}) {
                List<String> literals = LITERALS.get(column).stream()
                        .filter(literal -> literal.length() < 20 || !column.equals("c"))
                        .toList();
                values.append(", ").append(random.nextInt(4) == 0 ? "NULL" : one(literals));
            }
            run("INSERT INTO t VALUES (" + values + ")");
        }
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    private void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void theSameRowsPassAsInPostgres() throws SQLException {
        Map<Integer, Map<String, @Nullable Object>> rows = rows();
        int mixed = 0;
        for (int i = 0; i < FILTERS; i++) {
            String text = condition(4);
            RowFilter filter = RowFilter.parse(text);
            List<Integer> passing = rows.entrySet().stream()
                    .filter(row -> filter.passes(row.getValue()))
                    .map(Map.Entry::getKey)
                    .toList();
            assertThat(passing).as("%s, seed %d", text, seed).isEqualTo(ids("SELECT id FROM t WHERE " + text));
            mixed += passing.isEmpty() || passing.size() == ROWS ? 0 : 1;
        }
        assertThat(mixed).as("filters that tell rows apart").isGreaterThan(FILTERS / 4);
    }

    @Test
    void everyWordThatPostgresDoesNotTakeForAColumnHasToBeQuoted() throws SQLException {
        List<String> words = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT word FROM pg_get_keywords() WHERE catcode <> 'U'")) {
            while (rows.next()) {
                words.add(rows.getString(1));
            }
        }
        assertThat(words).hasSizeGreaterThan(100);
        for (String word : words) {
            assertThatThrownBy(() -> RowFilter.parse(word + " = 'x'"))
                    .as(word)
                    .isInstanceOf(FilterSyntaxException.class);
            assertThat(RowFilter.parse('"' + word + "\" = 'x'").columns()).containsExactly(word);
        }
    }

    private Map<Integer, Map<String, @Nullable Object>> rows() throws SQLException {
        Map<Integer, Map<String, @Nullable Object>> found = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT * FROM t")) {
            while (rows.next()) {
                Map<String, @Nullable Object> row = new HashMap<>();
                for (int i = 2; i <= rows.getMetaData().getColumnCount(); i++) {
                    row.put(rows.getMetaData().getColumnName(i), rows.getObject(i));
                }
                found.put(rows.getInt(1), row);
            }
        }
        return found;
    }

    private List<Integer> ids(String sql) throws SQLException {
        List<Integer> ids = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql + " ORDER BY id")) {
            while (rows.next()) {
                ids.add(rows.getInt(1));
            }
        }
        return ids;
    }

    private String condition(int depth) {
        int kind = random.nextInt(depth > 0 ? 8 : 3);
        return switch (kind) {
            case 0, 1, 2 -> test();
            case 3 -> one(List.of("NOT ", "not\n")) + condition(depth - 1);
            case 4 -> "(" + condition(depth - 1) + ")";
            case 5, 6 -> condition(depth - 1) + one(List.of(" AND ", "\tand ")) + condition(depth - 1);
            default -> condition(depth - 1) + one(List.of(" OR ", " oR\n")) + condition(depth - 1);
        };
    }

    private String test() {
        String column = one(List.copyOf(LITERALS.keySet()));
        List<String> literals = LITERALS.get(column);
        String spelled = random.nextInt(4) == 0 && !column.startsWith("\"") ? column.toUpperCase(Locale.ROOT) : column;
        return spelled
                + switch (random.nextInt(6)) {
                    case 0 -> " IS NULL";
                    case 1 -> " is  not null";
                    case 2 -> "=" + one(literals);
                    case 3 -> "<>" + one(literals);
                    case 4 -> " IN (" + one(literals) + "," + one(literals) + ")";
                    default -> " NOT IN(" + one(literals) + " , " + one(literals) + ")";
                };
    }

    private String one(List<String> values) {
        return values.get(random.nextInt(values.size()));
    }
}
