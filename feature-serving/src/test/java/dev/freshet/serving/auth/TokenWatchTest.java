package dev.freshet.serving.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.config.ConfigException;
import dev.freshet.runtime.time.Time;

class TokenWatchTest {
    private static final Instant END = Instant.parse("2026-11-21T12:00:00Z");
    private static final NewToken OLD = NewToken.make(Scope.READ, "old");
    private static final NewToken NEW = NewToken.make(Scope.READ, "new");
    private static final NewToken TRIAL = NewToken.make(Scope.READ, "a trial", END);

    @TempDir
    Path directory;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final SetTime time = new SetTime();
    private Path file;

    /** A wall clock that stands where a test has set it. */
    private static final class SetTime implements Time {
        private Instant now = END.minusSeconds(60);

        @Override
        public Instant now() {
            return now;
        }

        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public void pause(Duration duration) {
            now = now.plus(duration);
        }
    }

    @BeforeEach
    void begin() {
        file = directory.resolve("tokens");
        log.start();
        ((Logger) LoggerFactory.getLogger(TokenWatch.class)).addAppender(log);
    }

    @AfterEach
    void end() {
        ((Logger) LoggerFactory.getLogger(TokenWatch.class)).detachAppender(log);
    }

    private void write(String... lines) throws IOException {
        Files.writeString(file, String.join("\n", lines) + "\n");
    }

    private TokenWatch watch(String... lines) throws IOException {
        write(lines);
        return new TokenWatch(file, time);
    }

    private static void lookTwice(TokenWatch watch) {
        watch.look();
        watch.look();
    }

    private List<String> told(Level level) {
        return log.list.stream()
                .filter(event -> event.getLevel() == level)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    private static void assertHolds(TokenWatch watch, NewToken... tokens) {
        List<NewToken> held = List.of(tokens);
        for (NewToken token : List.of(OLD, NEW, TRIAL)) {
            assertThat(watch.holder(token.token()).isPresent()).as(token.line()).isEqualTo(held.contains(token));
        }
    }

    @Test
    void aLineThatIsAddedLetsInAndOneThatIsRemovedDoesNoMore() throws Exception {
        TokenWatch watch = watch(OLD.line());
        assertHolds(watch, OLD);

        write(OLD.line(), NEW.line());
        lookTwice(watch);
        assertHolds(watch, OLD, NEW);

        write(NEW.line());
        lookTwice(watch);
        assertHolds(watch, NEW);
        assertThat(told(Level.INFO)).hasSize(2).allMatch(line -> line.contains("the file of tokens has changed"));
    }

    @Test
    void aFileThatIsReplacedByOneOfTheSameSizeAndTimeIsSeen() throws Exception {
        TokenWatch watch = watch(OLD.line());
        FileTime modified = Files.getLastModifiedTime(file);
        Path other = Files.writeString(directory.resolve("other"), NEW.line() + "\n");
        Files.setLastModifiedTime(other, modified);
        Files.move(other, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);

        lookTwice(watch);

        assertHolds(watch, NEW);
    }

    @Test
    void aFileThatIsBeingWrittenIsNotTakenBeforeItIsWhole() throws Exception {
        TokenWatch watch = watch(OLD.line());
        for (int length : new int[] {0, 10, OLD.line().length() + 1, OLD.line().length() + 20}) {
            Files.writeString(file, (OLD.line() + "\n" + NEW.line()).substring(0, length));
            watch.look();
            assertHolds(watch, OLD);
            assertThat(watch.isFaulty()).isFalse();
        }
        write(OLD.line(), NEW.line());
        lookTwice(watch);
        assertHolds(watch, OLD, NEW);
        assertThat(told(Level.ERROR)).isEmpty();
    }

    @Test
    void aFileThatCannotBeUsedLetsNobodyInAndShutsNobodyOut() throws Exception {
        TokenWatch watch = watch(OLD.line());

        write(NEW.line(), "read not-a-hash of-whom");
        lookTwice(watch);
        lookTwice(watch);

        assertHolds(watch, OLD);
        assertThat(watch.holder("not-a-hash")).isEmpty();
        assertThat(watch.isFaulty()).isTrue();
        assertThat(told(Level.ERROR))
                .singleElement()
                .asString()
                .contains(file + " line 2: has no SHA-256", "more=0")
                .doesNotContain("not-a-hash", "of-whom", NEW.line());
    }

    @Test
    void aFileThatIsGoneOrEmptyLeavesTheTokensAsTheyWere() throws Exception {
        TokenWatch watch = watch(OLD.line());

        Files.delete(file);
        lookTwice(watch);
        assertHolds(watch, OLD);
        Files.writeString(file, "# nobody\n");
        lookTwice(watch);
        assertHolds(watch, OLD);

        assertThat(watch.isFaulty()).isTrue();
        assertThat(told(Level.ERROR)).hasSize(2);
        assertThat(told(Level.ERROR).get(0)).contains("does not exist");
        assertThat(told(Level.ERROR).get(1)).contains("has no token in it");
    }

    @Test
    void aFileThatIsMendedIsTakenAlsoIfItIsTheOneOfBefore() throws Exception {
        TokenWatch watch = watch(OLD.line());
        write("nonsense");
        lookTwice(watch);
        assertThat(watch.isFaulty()).isTrue();

        write(OLD.line());
        lookTwice(watch);

        assertThat(watch.isFaulty()).isFalse();
        assertHolds(watch, OLD);
    }

    @Test
    void aTokenExpiresWithoutALookAlsoWhileTheFileCannotBeUsed() throws Exception {
        TokenWatch watch = watch(OLD.line(), TRIAL.line());
        write("nonsense");
        lookTwice(watch);
        time.now = END.minusNanos(1);
        assertHolds(watch, OLD, TRIAL);

        time.now = END;

        assertHolds(watch, OLD);
    }

    @Test
    void whoseTokenHasExpiredIsToldOnce() throws Exception {
        TokenWatch watch = watch(OLD.line(), TRIAL.line());
        watch.look();
        assertThat(told(Level.WARN)).isEmpty();

        time.now = END;
        lookTwice(watch);

        assertThat(told(Level.WARN)).containsExactly("a token has expired holder=\"a trial\"");
    }

    @Test
    void atTheStartAFileThatCannotBeUsedIsRefused() {
        assertThatThrownBy(() -> watch("nonsense")).isInstanceOf(ConfigException.class);
    }
}
