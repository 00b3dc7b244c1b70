package dev.freshet.runtime.filter;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A condition in SQL's logic of three values, of which null is the unknown. */
sealed interface Condition {
    @Nullable
    Boolean test(Map<String, @Nullable Object> row);

    /** The tests of columns that it is made of. */
    Stream<Condition> tests();

    record And(Condition left, Condition right) implements Condition {
        @Override
        public @Nullable Boolean test(Map<String, @Nullable Object> row) {
            Boolean one = left.test(row);
            Boolean other = right.test(row);
            if (isFalse(one) || isFalse(other)) {
                return false;
            }
            return one == null ? null : other;
        }

        @Override
        public Stream<Condition> tests() {
            return Stream.concat(left.tests(), right.tests());
        }

        private static boolean isFalse(@Nullable Boolean truth) {
            return truth != null && !truth;
        }
    }

    record Or(Condition left, Condition right) implements Condition {
        @Override
        public @Nullable Boolean test(Map<String, @Nullable Object> row) {
            Boolean one = left.test(row);
            Boolean other = right.test(row);
            if (isTrue(one) || isTrue(other)) {
                return true;
            }
            return one == null ? null : other;
        }

        @Override
        public Stream<Condition> tests() {
            return Stream.concat(left.tests(), right.tests());
        }
    }

    record Not(Condition negated) implements Condition {
        @Override
        public @Nullable Boolean test(Map<String, @Nullable Object> row) {
            Boolean truth = negated.test(row);
            return truth == null ? null : !truth;
        }

        @Override
        public Stream<Condition> tests() {
            return negated.tests();
        }
    }

    /** The column is one of the values; {@code =} is this with a single one. */
    record In(String column, List<Literal> values) implements Condition {
        public In {
            values = List.copyOf(values);
        }

        @Override
        public @Nullable Boolean test(Map<String, @Nullable Object> row) {
            Object value = row.get(column);
            return value == null ? null : values.stream().anyMatch(literal -> literal.is(value));
        }

        @Override
        public Stream<Condition> tests() {
            return Stream.of(this);
        }
    }

    record IsNull(String column) implements Condition {
        @Override
        public Boolean test(Map<String, @Nullable Object> row) {
            return row.get(column) == null;
        }

        @Override
        public Stream<Condition> tests() {
            return Stream.of(this);
        }
    }

    static boolean isTrue(@Nullable Boolean truth) {
        return truth != null && truth;
    }
}
