package dev.freshet.sink;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import dev.freshet.runtime.check.Checks;
import dev.freshet.runtime.check.Finding;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Bindings;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.GenerationState;
import dev.freshet.runtime.generation.Generations;
import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.jdbc.Timeouts;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.schemas.Names;
import dev.freshet.sink.sql.FeatureColumns;
import dev.freshet.sink.sql.TargetForm;
import dev.freshet.sink.sql.TargetServer;

/** Whether the target can be written; the sink checks the form of what is there at its start, too. */
public final class SinkChecks implements Checks {
    private final FreshetConfig config;
    private final List<Generation> generations;
    private final Database target;

    /** @param generations that changes flow into */
    public SinkChecks(FreshetConfig config, List<Generation> generations) {
        this.config = config;
        this.generations = List.copyOf(generations);
        target = new Database(config.target().login(), config.target().schema(), "freshet-doctor", Timeouts.standard());
    }

    @Override
    public String subject() {
        return "target";
    }

    @Override
    public List<Finding> find() throws SQLException {
        try (Connection connection = target.open()) {
            List<Finding> findings = new ArrayList<>(
                    TargetServer.select(connection).findings(config.target().schema()));
            List<Generation> ours = ours(connection, config, generations);
            generations.stream()
                    .filter(generation -> !ours.contains(generation))
                    .forEach(other -> findings.add(new Finding(
                            "Generation " + other.number() + " was begun with other features or source tables",
                            "Go back to that configuration, or begin a new generation.")));
            findings.addAll(form(connection, config, generations));
            for (Generation generation : generations) {
                if (generation.state() == GenerationState.LIVE) {
                    findings.addAll(missing(connection, generation));
                }
            }
            return findings;
        }
    }

    /** The views are made by the sink, but only as it begins, and never over a table that is gone with the rows that it had. */
    private List<Finding> missing(Connection connection, Generation live) throws SQLException {
        String table = config.names().table(live.number());
        if (isMissing(connection, "to_regclass('" + table + "')")) {
            return List.of(new Finding(
                    "Table " + table + " is gone, which generation " + live.number() + ", the live one, was written to",
                    Generations.REBUILD));
        }
        List<Finding> findings = new ArrayList<>();
        for (String view : List.of(Names.VIEW, Names.COMPLETE_THROUGH)) {
            if (isMissing(connection, "to_regclass('" + view + "')")) {
                findings.add(new Finding(
                        "There is no view " + view + ", and readers of generation " + live.number() + " name it",
                        "Restart the sink, which makes it anew. Then let its readers in again, for their rights went with it:"
                                + " GRANT SELECT ON " + view + " TO ...;"));
            }
        }
        return findings;
    }

    private static boolean isMissing(Connection connection, String found) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT " + found + " IS NULL")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    /** Those that are of what is configured, or of nothing yet. */
    private static List<Generation> ours(Connection connection, FreshetConfig config, List<Generation> generations)
            throws SQLException {
        Bindings bindings = new Bindings(connection);
        List<Generation> ours = new ArrayList<>();
        for (Generation generation : generations) {
            if (bindings.definition(generation.number())
                    .filter(definition -> !definition.equals(config.definition()))
                    .isEmpty()) {
                ours.add(generation);
            }
        }
        return ours;
    }

    private String createSchema() {
        return "CREATE SCHEMA \"" + config.target().schema() + "\";";
    }

    /** Of what is bound to other features the form cannot be known, nor of the view that it may stand behind. */
    private static List<Finding> form(Connection connection, FreshetConfig config, List<Generation> generations)
            throws SQLException {
        List<Generation> ours = ours(connection, config, generations);
        return TargetForm.check(
                connection,
                new FeatureColumns(config.catalogue(), config.source().users().idType()),
                ours.stream()
                        .map(generation -> config.names().table(generation.number()))
                        .toList(),
                ours.size() == generations.size());
    }

    /**
     * Before anything is written.
     *
     * @param generations that are written
     * @throws Stop.Operator with every difference, if what is there has another form
     */
    static void requireForm(Connection connection, FreshetConfig config, List<Generation> generations)
            throws SQLException {
        List<Finding> findings = form(connection, config, generations);
        if (!findings.isEmpty()) {
            throw Stop.Operator.because(
                    "the target cannot be written",
                    findings.stream().map(Finding::what).toList(),
                    findings.stream().map(Finding::cure).toList());
        }
    }

    /** A schema that is missing. */
    @Override
    public void fix(Consumer<String> done) throws SQLException {
        try (Connection connection = target.open();
                Statement statement = connection.createStatement()) {
            if (isMissing(connection, "to_regnamespace('\"" + config.target().schema() + "\"')")) {
                statement.execute(createSchema());
                done.accept(createSchema());
            }
        }
    }
}
