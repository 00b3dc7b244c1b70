package dev.freshet.serving.auth;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.config.ConfigException;
import dev.freshet.runtime.config.Fault;
import dev.freshet.runtime.time.Time;

/**
 * The tokens of a file as it stands: looked at every second, so that a token is added or removed without a restart. A file that
 * cannot be used changes nothing: it lets nobody in, and shuts nobody out.
 */
public final class TokenWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TokenWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    /**
     * What a look at the file finds. It is the text that is compared, not its time: that can be the same for two texts.
     *
     * @param text null if it cannot be read
     * @param faults why not
     */
    private record Look(@Nullable String text, List<Fault> faults) {
        static Look at(Path file) {
            try {
                return new Look(TokenFile.text(file), List.of());
            } catch (ConfigException e) {
                return new Look(null, e.faults());
            }
        }
    }

    private final Path file;
    private final Time time;
    private volatile Tokens tokens;
    private volatile boolean faulty;
    private Look last;
    private Look taken;
    private Instant toldExpired = Instant.MIN;
    private @Nullable Thread thread;

    /** @throws ConfigException if the file cannot be used: at first there is nothing to fall back on */
    public TokenWatch(Path file, Time time) {
        this.file = file;
        this.time = time;
        String text = TokenFile.text(file);
        tokens = TokenFile.tokens(file, text);
        last = new Look(text, List.of());
        taken = last;
    }

    /** Begins to look, on a thread of its own. */
    public void start() {
        Thread looking = new Thread(this::run, "serving-tokens");
        looking.setDaemon(true);
        looking.start();
        thread = looking;
    }

    /** Who has this token now; empty if nobody. */
    public Optional<Holder> holder(String token) {
        return tokens.holder(token, time.now());
    }

    /** Whether the file cannot be used as it stands, so that the tokens of before hold. */
    public boolean isFaulty() {
        return faulty;
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                look();
                time.pause(INTERVAL);
            }
        } catch (InterruptedException e) {
            log.debug("no longer looking at the file of tokens");
        }
    }

    /** What is found is taken when it is found twice: a file that is being written is not what it is going to be. */
    void look() {
        try {
            Look now = Look.at(file);
            if (now.equals(last) && !now.equals(taken)) {
                taken = now;
                take(now);
            }
            last = now;
            tellExpired();
        } catch (RuntimeException e) {
            log.error("could not look at the file of tokens", e);
        }
    }

    private void take(Look look) {
        String text = look.text();
        if (text == null) {
            keep(look.faults());
            return;
        }
        try {
            Tokens read = TokenFile.tokens(file, text);
            tokens = read;
            faulty = false;
            toldExpired = Instant.MIN;
            log.info("the file of tokens has changed file={} tokens={}", file, read.size());
        } catch (ConfigException e) {
            keep(e.faults());
        }
    }

    private void keep(List<Fault> faults) {
        faulty = true;
        log.error(
                "the file of tokens cannot be used, so those of before hold fault=\"{}\" more={}",
                faults.get(0),
                faults.size() - 1);
    }

    /** Whoever has one is told no more than that it is none. */
    private void tellExpired() {
        Instant now = time.now();
        for (Holder holder : tokens.expiredSince(toldExpired, now)) {
            log.warn("a token has expired holder=\"{}\"", holder.label());
        }
        toldExpired = now;
    }

    @Override
    public void close() {
        Thread looking = thread;
        if (looking != null) {
            looking.interrupt();
        }
    }
}
