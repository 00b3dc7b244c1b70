package dev.freshet.sink.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.jdbc.SqlFault;

class TargetSchemaIT {
    @Test
    void aForeignKeyGivesWayToAWriterOfTheUsersAndIsMadeLater() throws SQLException {
        TargetSchema schema = new TargetSchema(Target.COLUMNS, Target.VIEWS);
        try (Target target = new Target();
                Connection shop = target.open();
                Statement insert = shop.createStatement()) {
            target.run("CREATE TABLE users (id bigint PRIMARY KEY)");
            target.run(
                    "ALTER TABLE user_features_g1 ADD CONSTRAINT of_user FOREIGN KEY (user_id) REFERENCES users (id)");
            shop.setAutoCommit(false);
            insert.execute("INSERT INTO users VALUES (7)");

            assertThatThrownBy(() -> schema.ensureGeneration(target.connection(), Target.G2))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(SqlFault.of(e)).isEqualTo(SqlFault.RETRY));
            assertThat(target.query("SELECT to_regclass('user_features_g2')")).containsExactly("-");

            shop.commit();
            schema.ensureGeneration(target.connection(), Target.G2);
            assertThat(
                            target.query(
                                    "SELECT conname FROM pg_constraint WHERE contype = 'f' AND conrelid = 'user_features_g2'::regclass"))
                    .containsExactly("of_user");
        }
    }
}
