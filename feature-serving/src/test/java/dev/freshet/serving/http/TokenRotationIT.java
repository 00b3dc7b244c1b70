package dev.freshet.serving.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import dev.freshet.serving.auth.NewToken;
import dev.freshet.serving.auth.Scope;
import dev.freshet.serving.http.RunningServer.Reply;

/** Tokens that come and go while the server runs. */
class TokenRotationIT {
    private static final String PATH = "/v1/users/1/features";
    private static final Duration HOUR = Duration.ofHours(1);
    /** What the page for operators says, and as much again for a machine that has other things to do. */
    private static final Duration SOON = Duration.ofSeconds(6);

    @TempDir
    Path directory;

    private final ForwardTime time = new ForwardTime();
    private final NewToken old = NewToken.make(Scope.READ, "old");
    private final NewToken next = NewToken.make(Scope.READ, "next");
    private final NewToken trial = NewToken.make(Scope.READ, "trial", time.now().plus(HOUR));
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private ServedTarget target;
    private RunningServer server;

    @BeforeEach
    void start() throws Exception {
        replace(old.line(), trial.line());
        target = ServedTarget.live();
        target.row(1);
        server = new RunningServer(target.config("serving.tokens.file", file().toString()), null, time);
        log.start();
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).addAppender(log);
    }

    @AfterEach
    void stop() throws Exception {
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).detachAppender(log);
        server.close();
        target.close();
    }

    private Path file() {
        return directory.resolve("tokens");
    }

    private void replace(String... lines) throws IOException {
        Path whole = Files.writeString(directory.resolve("tokens.new"), String.join("\n", lines) + "\n");
        Files.move(whole, file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Reply ask(String token) throws Exception {
        return server.get(PATH, "Authorization", "Bearer " + token);
    }

    private int status(NewToken token) throws Exception {
        return ask(token.token()).status();
    }

    private List<String> logged() {
        // Other threads go on writing to it.
        synchronized (log) {
            return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
        }
    }

    private double faulty() {
        return server.gauge("freshet.serving.tokens.faulty");
    }

    private static String withoutId(Reply reply) {
        return reply.text().replace(reply.header("X-Request-Id"), "ID");
    }

    @Test
    void aTokenThatHasExpiredIsToldTheSameAsOneThatNeverWas() throws Exception {
        assertThat(status(trial)).isEqualTo(200);

        time.setForward(HOUR);

        Reply expired = ask(trial.token());
        assertThat(expired.status()).isEqualTo(401);
        assertThat(withoutId(expired)).isEqualTo(withoutId(ask("never-was")));
        assertThat(status(old)).isEqualTo(200);
    }

    @Test
    void aTokenIsReplacedWithoutARestartAndWithoutAGap() throws Exception {
        replace(old.line(), next.line());
        await("the next one is known").atMost(SOON).until(() -> status(next) == 200);
        assertThat(status(old)).isEqualTo(200);
        assertThat(status(trial)).isEqualTo(401);

        replace(next.line());
        await("the old one is not").atMost(SOON).until(() -> status(old) == 401);
        assertThat(status(next)).isEqualTo(200);
    }

    @Test
    void aFileThatCannotBeUsedLetsNobodyInAndShutsNobodyOutAndOperatorsAreTold() throws Exception {
        await("ready")
                .atMost(Duration.ofSeconds(20))
                .until(() -> server.get("/ready").status() == 200);
        assertThat(faulty()).isZero();

        replace(next.line(), "read " + next.token());
        await("it is told").atMost(SOON).until(() -> faulty() == 1);

        assertThat(status(next)).isEqualTo(401);
        assertThat(ask("").status()).isEqualTo(401);
        assertThat(server.get(PATH).status()).isEqualTo(401);
        assertThat(status(old)).isEqualTo(200);
        assertThat(status(trial)).isEqualTo(200);
        assertThat(server.get("/ready").status()).isEqualTo(200);
        assertThat(logged())
                .anyMatch(line -> line.contains(file() + " line 2: has no SHA-256"))
                .noneMatch(line -> line.contains(next.token()) || line.contains(next.line()));

        replace(next.line());
        await("it is mended").atMost(SOON).until(() -> faulty() == 0);
        assertThat(status(next)).isEqualTo(200);
        assertThat(status(old)).isEqualTo(401);
    }
}
