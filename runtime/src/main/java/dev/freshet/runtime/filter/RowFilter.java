package dev.freshet.runtime.filter;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which rows count: those of which the condition is true, as in SQL's WHERE; where it is NULL they do not.
 *
 * <p>The grammar is a part of PostgreSQL's, with PostgreSQL's precedence: {@code column = literal}, {@code column <> literal},
 * {@code column [NOT] IN (literal, ...)} and {@code column IS [NOT] NULL}, joined by AND, OR, NOT and parentheses. A literal is a
 * string in single quotes, a whole number, TRUE or FALSE. A column that is a word of SQL, or not spelled in small letters, stands
 * in double quotes.
 */
public final class RowFilter {
    /** Every row. */
    public static final RowFilter NONE = new RowFilter("", null);

    private final String text;
    private final @Nullable Condition condition;

    private RowFilter(String text, @Nullable Condition condition) {
        this.text = text;
        this.condition = condition;
    }

    /**
     * @param text of the grammar above; empty for every row
     * @throws FilterSyntaxException with the place at which it is something else
     */
    public static RowFilter parse(String text) {
        return text.isBlank() ? NONE : new RowFilter(text, new FilterParser(text).condition());
    }

    /** As it was written, for a WHERE of PostgreSQL; empty for every row. */
    public String text() {
        return text;
    }

    public boolean isNone() {
        return condition == null;
    }

    /** The columns that it asks for, each once. */
    public List<String> columns() {
        return tests().map(RowFilter::column).distinct().toList();
    }

    /** What the column is compared with. */
    public List<Literal> literals(String column) {
        return tests().filter(test -> column(test).equals(column))
                .flatMap(test -> test instanceof Condition.In in ? in.values().stream() : Stream.of())
                .toList();
    }

    private Stream<Condition> tests() {
        return condition == null ? Stream.of() : condition.tests();
    }

    private static String column(Condition test) {
        if (test instanceof Condition.In in) {
            return in.column();
        }
        return ((Condition.IsNull) test).column();
    }

    /** @param row by column, a string, a whole number, a boolean, or null for NULL */
    public boolean passes(Map<String, @Nullable Object> row) {
        return condition == null || Condition.isTrue(condition.test(row));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RowFilter that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
