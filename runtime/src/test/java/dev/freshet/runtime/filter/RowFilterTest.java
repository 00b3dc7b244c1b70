package dev.freshet.runtime.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RowFilterTest {

    private static boolean passes(String filter, @Nullable Object status) {
        Map<String, @Nullable Object> row = new HashMap<>();
        row.put("status", status);
        row.put("Größe", 5);
        row.put("hidden", null);
        return RowFilter.parse(filter).passes(row);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "status <> 'cancelled'|true|false|false",
                "NOT status = 'cancelled'|true|false|false",
                "status = 'cancelled' OR status IS NULL|false|true|true",
                "status not in ('x', 'cancelled')|true|false|false",
                "STATUS IN ('x') OR \"Größe\" = 5 AND hidden IS NULL|true|true|true",
                "(status = 'paid' OR hidden = TRUE) AND \"Größe\"<>-5|true|false|false",
                "NOT (hidden = TRUE AND status = 'paid')|false|true|false",
                "status IS NOT NULL|true|true|false"
            })
    void aRowCountsWhereTheConditionIsTrue(String filter, boolean ofPaid, boolean ofCancelled, boolean ofNull) {
        assertThat(passes(filter, "paid")).isEqualTo(ofPaid);
        assertThat(passes(filter, "cancelled")).isEqualTo(ofCancelled);
        assertThat(passes(filter, null)).isEqualTo(ofNull);
    }

    @Test
    void withoutTextEveryRowCounts() {
        assertThat(RowFilter.parse(" ")).isEqualTo(RowFilter.NONE);
        assertThat(RowFilter.NONE.passes(Map.of())).isTrue();
        assertThat(RowFilter.NONE.columns()).isEmpty();
    }

    @Test
    void itTellsItsColumnsAndWhatTheyAreComparedWith() {
        RowFilter filter = RowFilter.parse("a = 007 OR b IS NULL AND a IN (8, -0)");
        assertThat(filter.columns()).containsExactly("a", "b");
        assertThat(filter.literals("a")).extracting(Literal::text).containsExactly("7", "8", "0");
        assertThat(filter.literals("b")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status",
                "NOT status",
                "status = 'a' AND",
                "status = 'a' 'b'",
                "status = 'a",
                "status = E'a'",
                "status = 'a\\\\'",
                "status = '$truth$'",
                "status = NULL",
                "status IN ()",
                "status IN ('a', NULL)",
                "status = other",
                "'a' = status",
                "status = 'a' IS NULL",
                "status != 'a'",
                "status < 5",
                "status = 1.5",
                "status = 1e3",
                "status = 0x10",
                "status = 1_000",
                "status = --5",
                "status = 'a' -- not",
                "status = /* not */ 'a'",
                "status::text = 'a'",
                "lower(status) = 'a'",
                "o.status = 'a'",
                "status LIKE 'a%'",
                "status = ANY ('{a}')",
                "größe = 5",
                "(status = 'a'",
                "status = 'a')",
                "status = 'a'; DROP TABLE orders",
                "EXISTS (SELECT 1)",
                "user = 'a'",
                "current_date = 'a'"
            })
    void whatIsNotOfTheGrammarIsRefused(String filter) {
        assertThatThrownBy(() -> RowFilter.parse(filter)).isInstanceOf(FilterSyntaxException.class);
    }

    @Test
    void aRefusalNamesThePlaceAndWhatIsUnderstood() {
        assertThatThrownBy(() -> RowFilter.parse("status = 'a' AND total > 5"))
                .hasMessageContaining("at 24, > 5 is not understood")
                .hasMessageContaining("comparisons of columns with literals");
        assertThatThrownBy(() -> RowFilter.parse("order = 5")).hasMessageContaining("order at 1 is a word of SQL");
        assertThatThrownBy(() -> RowFilter.parse("a = 1 OR ".repeat(300) + "a = 2"))
                .hasMessageContaining("longer than");
    }
}
