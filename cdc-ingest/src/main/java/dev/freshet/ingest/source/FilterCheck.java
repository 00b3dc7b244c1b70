package dev.freshet.ingest.source;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

import dev.freshet.ingest.capture.Mapping;
import dev.freshet.runtime.check.Finding;
import dev.freshet.runtime.config.IdType;
import dev.freshet.runtime.filter.Literal;
import dev.freshet.runtime.filter.RowFilter;

/** Checks that ingest's evaluation of the filter is PostgreSQL's: that columns and literals are of types where they agree. */
final class FilterCheck {
    private static final Map<String, Literal.Kind> KINDS = Map.of(
            "text", Literal.Kind.STRING,
            "character varying", Literal.Kind.STRING,
            "uuid", Literal.Kind.STRING,
            "bigint", Literal.Kind.NUMBER,
            "integer", Literal.Kind.NUMBER,
            "smallint", Literal.Kind.NUMBER,
            "boolean", Literal.Kind.BOOLEAN);
    private static final String CURE = "Change source.orders.where.";

    private FilterCheck() {}

    static List<Finding> of(Mapping mapping, TableFacts orders) {
        RowFilter where = mapping.order().where();
        List<Finding> findings = new ArrayList<>();
        for (String column : where.columns()) {
            String type = orders.columns().get(column);
            if (type == null) {
                continue; // said already
            }
            Literal.Kind kind = kind(type);
            if (kind == null) {
                findings.add(new Finding(
                        "The filter of " + mapping.orders() + " asks for column " + column + " of type " + type
                                + ", neither text, varchar, an integer, boolean, uuid nor an enum",
                        CURE));
                continue;
            }
            where.literals(column).stream()
                    .filter(literal -> literal.kind() != kind || (type.equals("uuid") && !isUuid(literal)))
                    .findFirst()
                    .ifPresent(literal -> findings.add(new Finding(
                            "The filter of " + mapping.orders() + " compares column " + column + " of type " + type
                                    + " with " + literal.text(),
                            CURE + " Compare it with a " + kind.name().toLowerCase(Locale.ROOT)
                                    + (type.equals("uuid") ? " as PostgreSQL prints it, in small letters." : "."))));
        }
        return findings;
    }

    /** What PostgreSQL itself has against it, as a label that its enum does not have. */
    static Optional<Finding> askPostgres(Connection connection, Mapping mapping) throws SQLException {
        RowFilter where = mapping.order().where();
        if (where.isNone()) {
            return Optional.empty();
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT FROM " + mapping.orders().quoted() + " WHERE " + where.text() + " LIMIT 0");
            return Optional.empty();
        } catch (SQLException e) {
            String state = String.valueOf(e.getSQLState());
            if (state.startsWith("22") || state.startsWith("42")) {
                return Optional.of(new Finding(
                        "PostgreSQL refuses the filter of " + mapping.orders() + ": " + e.getMessage(), CURE));
            }
            throw e;
        }
    }

    private static Literal.@Nullable Kind kind(String type) {
        return type.startsWith("enum ") ? Literal.Kind.STRING : KINDS.get(type);
    }

    private static boolean isUuid(Literal literal) {
        return IdType.isPrintedUuid(literal.text());
    }
}
