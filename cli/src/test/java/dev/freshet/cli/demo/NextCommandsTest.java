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

    private static final Path DATA = Path.of("freshet-data").toAbsolutePath();

    private static InfoFile doors(Map<String, Object> more) {
        DatabaseLogin login = new DatabaseLogin("jdbc:postgresql://localhost:1/shop", "postgres", new Secret("s3cret"));
        return new InfoFile(login, "localhost:1", "http://localhost:1", Path.of("data"), more);
    }

    @Test
    void withAFileTheCommandsCanBeCopied() {
        assertThat(new NextCommands(Optional.of(FILE), DATA)
                        .whileItRuns(doors(Map.of("servingUrl", "http://127.0.0.1:9464")), 17))
                .containsExactly(
                        "try:   ./freshet explain --user 17 --info 'my info.json'",
                        "       ./freshet reconcile --info 'my info.json'",
                        "       # training data of labels: see TRAINING.md",
                        "       printf 'user_id,label_time\\n%s,%s\\n' 17 \"$(date -u +%Y-%m-%dT%H:%M:%SZ)\" > labels.csv",
                        "       ./freshet export --labels labels.csv --out train.csv --force --info 'my info.json' && cat train.csv",
                        "       curl http://127.0.0.1:9464/v1/users/17/features");
    }

    @Test
    void withoutAFileItSaysHowToHaveOne() {
        assertThat(new NextCommands(Optional.empty(), DATA).whileItRuns(doors(Map.of()), 17))
                .singleElement()
                .asString()
                .contains("--info FILE", "./freshet explain --user 17");
    }

    @Test
    void atItsEndItSaysHowToGoOn() {
        assertThat(new NextCommands(Optional.empty(), DATA).atItsEnd(17))
                .contains("       ./freshet demo --info freshet-info.json")
                .allMatch(
                        line -> line.matches("(try: |     )  (# .*|(\\./freshet|curl|printf) \\S.*)"),
                        "a remark or a command");
    }

    @Test
    void aShopThatIsKeptElsewhereIsGoneOnWithThere() {
        assertThat(new NextCommands(Optional.empty(), Path.of("my shop").toAbsolutePath()).atItsEnd(17))
                .contains("       ./freshet demo --info freshet-info.json --data-dir 'my shop'");
    }
}
