package dev.freshet.runtime.config;

import static dev.freshet.runtime.config.ConfigFiles.LEAST;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad inputs, row 26 and the names of row 27: from a deployment's name its slot's follows. */
class NamesTest {
    private static final String LONG = "a123456789b123456789c123456789d123456789e123456789f123456789g123";

    @TempDir
    Path directory;

    private List<String> faults(String yaml) throws IOException {
        return new ConfigFiles(directory).faults(LEAST + yaml);
    }

    @Test
    void twoFeaturesOfOneName() throws IOException {
        assertThat(faults("features: [{name: n, aggregate: count}, {name: n, aggregate: last_date}]\n"))
                .containsExactly("features: feature name 'n' is taken twice, or is Freshet's own: choose another");
    }

    @ParameterizedTest
    @ValueSource(strings = {"user_id", "computed_at", "version", "at"})
    void aFeatureWithAColumnsNameOfFreshetsOwn(String name) throws IOException {
        assertThat(faults("features: [{name: " + name + ", aggregate: count}]\n"))
                .singleElement()
                .asString()
                .contains("'" + name + "' is taken twice, or is Freshet's own");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "or\"ders",
                "two words",
                "Orders",
                "7_days",
                "größe",
                LONG,
                "n; DROP TABLE users --",
                "n int, x text) AS $$ SELECT 1 $$; --",
                "n\\0"
            })
    void aFeatureWhoseNameWouldNeedQuotesOrWouldBeSql(String name) throws IOException {
        assertThat(faults("features: [{name: '" + name + "', aggregate: count}]\n"))
                .containsExactly("features.0.name = '" + name + "': write a name of the form [a-z][a-z0-9_]{0,62}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"select", "user", "order", "left", "ctid", "pg_x"})
    void aFeatureOrASchemaNamedByAWordOfPostgresqls(String name) throws IOException {
        assertThat(faults("features: [{name: " + name + ", aggregate: count}]\n"))
                .containsExactly(
                        "features.0.name = '" + name + "': is a word of PostgreSQL's own: choose another name");
        assertThat(faults("target.schema: " + name + "\n"))
                .containsExactly("target.schema = '" + name + "': is a word of PostgreSQL's own: choose another name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"source.schema", "source.users.table", "source.orders.id", "source.orders.columns.total"})
    void anIdentifierOfTheSourceThatCannotBeQuotedEverywhere(String key) throws IOException {
        for (String name : List.of(
                "x\"; DROP TABLE users; --", LONG, "", "a,b", "\\Q", "x AS $truth$; DROP TABLE users", "a\u0001b")) {
            String quoted = name.replace("\\", "\\\\").replace("\"", "\\\"").replace("\u0001", "\\x01");
            List<String> faults = faults(key + ": \"" + quoted + "\"\n");
            assertThat(faults)
                    .containsExactly(key + " = '" + name.replace('\u0001', '?')
                            + "': write a name of up to 63 bytes as PostgreSQL stores it, without quotes, commas,"
                            + " backslashes and $$");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Shop", "my-shop", "9shop", "shop'); DROP", "", "a_name_of_41_letters_0123456789_012345678"})
    void aDeploymentWhoseSlotCouldNotBeNamed(String name) throws IOException {
        assertThat(faults("name: \"" + name + "\"\n"))
                .containsExactly(
                        "name = '" + name + "': write up to 40 small letters, digits and '_', beginning with a letter");
    }

    @Test
    void anEmptyListOfFeatures() throws IOException {
        assertThat(faults("features: []\n"))
                .containsExactly("features = '': write a list of {name, aggregate, column, window}, or remove it");
    }
}
