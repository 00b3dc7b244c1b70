package dev.freshet.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.config.DatabaseLogin;
import dev.freshet.runtime.config.InfoFile;
import dev.freshet.runtime.config.Secret;

class NextCommandsTest {
    private static final Path FILE = Path.of("my info.json").toAbsolutePath();

    private static InfoFile doors(Map<String, Object> more) {
        DatabaseLogin login = new DatabaseLogin("jdbc:postgresql://localhost:1/shop", "postgres", new Secret("s3cret"));
        return new InfoFile(login, "localhost:1", "http://localhost:1", Path.of("data"), more);
    }

    @Test
    void withAFileTheCommandsCanBeCopied() {
        assertThat(new NextCommands(Optional.of(FILE))
                        .whileItRuns(doors(Map.of("servingUrl", "http://127.0.0.1:9464")), 17))
                .containsExactly(
                        "try:   ./freshet explain --user 17 --info 'my info.json'",
                        "       ./freshet reconcile --info 'my info.json'",
                        "       # training data of labels (user_id, label_time): see TRAINING.md",
                        "       ./freshet export --labels labels.csv --out train.parquet --info 'my info.json'",
                        "       curl http://127.0.0.1:9464/v1/users/17/features");
    }

    @Test
    void withoutAFileItSaysHowToHaveOne() {
        assertThat(new NextCommands(Optional.empty()).whileItRuns(doors(Map.of()), 17))
                .singleElement()
                .asString()
                .contains("--info FILE", "./freshet explain --user 17");
    }

    @Test
    void atItsEndItSaysHowToGoOn() {
        assertThat(new NextCommands(Optional.empty()).atItsEnd(17))
                .contains("       ./freshet demo --info freshet-info.json")
                .allMatch(
                        line -> line.matches("(try: |     )  (# .*|(\\./freshet|curl) \\S.*)"),
                        "a remark or a command");
    }
}
