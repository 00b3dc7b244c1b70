package dev.freshet.sink.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.check.Finding;
import dev.freshet.testkit.servers.SharedServers;

/** Bad inputs, row 46. */
class TargetFormIT {
    private static final List<String> TABLES = List.of("user_features_g1", "user_features_g2");

    private static List<Finding> check(Target target) throws SQLException {
        return TargetForm.check(target.connection(), Target.COLUMNS, TABLES, true);
    }

    @Test
    void whatTheSinkMakesIsAsItShouldBe() throws SQLException {
        try (Target target = new Target()) {
            assertThat(check(target)).isEmpty();
            // An operator may do this.
            target.run("CREATE TABLE users (id bigint PRIMARY KEY)");
            target.run(
                    "ALTER TABLE user_features_g1 ADD FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE");
            assertThat(check(target)).isEmpty();
        }
    }

    @Test
    void eachDifferenceOfATableIsToldAndItsCureUndoesIt() throws SQLException {
        try (Target target = new Target()) {
            target.run("ALTER TABLE user_features_g1 ADD note text NOT NULL, ALTER exact_until SET NOT NULL");
            target.run("ALTER TABLE user_features_g1 DROP CONSTRAINT user_features_g1_pkey");
            target.run("ALTER TABLE user_features_g1 ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY");
            target.run("CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'");
            target.run("CREATE TRIGGER t BEFORE INSERT ON user_features_g1 FOR EACH ROW EXECUTE FUNCTION f()");
            target.run("DROP VIEW user_features");
            target.run("ALTER TABLE user_features_g1 ALTER order_count_7d TYPE text");
            target.run("CREATE VIEW user_features AS SELECT user_id FROM user_features_g1");
            List<Finding> findings = check(target);
            assertThat(findings)
                    .extracting(Finding::what)
                    .containsExactlyInAnyOrder(
                            "public.user_features has the columns [user_id bigint], not [user_id bigint,"
                                    + " order_count_7d int, order_count_30d int, avg_order_value numeric, last_order_date date,"
                                    + " computed_at timestamptz, exact_until timestamptz, incomplete boolean, version bigint,"
                                    + " epoch int]",
                            "public.user_features_g1 has a trigger t, which may change or refuse what is written",
                            "public.user_features_g1 has the column order_count_7d of type text, not int",
                            "public.user_features_g1 has the column exact_until NOT NULL, and it may be NULL",
                            "public.user_features_g1 has a column note that is not Freshet's",
                            "public.user_features_g1 has the primary key [], not [user_id]");
            assertThat(findings)
                    .extracting(Finding::cure)
                    .filteredOn(cure -> cure.startsWith("DROP VIEW"))
                    .as("its rights go with it")
                    .singleElement()
                    .asString()
                    .contains("\\dp", "GRANT SELECT on it to them again");
            for (Finding finding : findings) {
                target.run(finding.cure().replace(" TYPE int;", " TYPE int USING NULL;"));
            }
            new TargetSchema(Target.COLUMNS, Target.VIEWS).ensureGeneration(target.connection(), Target.G1);
            assertThat(check(target)).isEmpty();
        }
    }

    @Test
    void whatIsSomethingElseIsToldAndMovesAway() throws SQLException {
        try (Target target = new Target()) {
            target.run("DROP VIEW user_features; CREATE TABLE user_features (user_id bigint)");
            target.run("DROP TABLE freshet_watermark CASCADE; CREATE MATERIALIZED VIEW freshet_watermark AS SELECT 1");
            List<Finding> findings = check(target);
            assertThat(findings)
                    .extracting(Finding::what)
                    .containsExactly(
                            "public.freshet_watermark is a materialized view, and Freshet's is a table",
                            "public.user_features is a table, and Freshet's is a view");
            for (Finding finding : findings) {
                target.run(finding.cure());
            }
            assertThat(check(target)).isEmpty();
        }
    }

    @Test
    void whatAnotherRoleOwnsOrHidesIsToldToTheOneThatHasToWriteIt() throws SQLException {
        String role = SharedServers.get().uniqueName("writer").replace('-', '_');
        try (Target target = new Target()) {
            target.run("CREATE ROLE " + role + " LOGIN PASSWORD 'x'; GRANT ALL ON SCHEMA public TO " + role);
            target.run("ALTER TABLE user_features_g1 ENABLE ROW LEVEL SECURITY");
            try (Connection other = DriverManager.getConnection(target.jdbcUrl(), role, "x")) {
                List<Finding> findings = TargetForm.check(other, Target.COLUMNS, TABLES, true);
                assertThat(findings)
                        .extracting(Finding::what)
                        .contains(
                                "public.user_features is not " + role + "'s, who has to write it",
                                "public.user_features_g1 is not " + role + "'s, who has to write it",
                                "public.user_features_g1 has row-level security, which hides rows from " + role);
                for (Finding finding : findings) {
                    target.run(finding.cure());
                }
                assertThat(TargetForm.check(other, Target.COLUMNS, TABLES, true))
                        .isEmpty();
            }
            target.run("REASSIGN OWNED BY " + role + " TO postgres; DROP OWNED BY " + role + "; DROP ROLE " + role);
        }
    }
}
