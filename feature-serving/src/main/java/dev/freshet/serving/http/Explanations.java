package dev.freshet.serving.http;

import java.sql.SQLException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.concurrent.Semaphore;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.schemas.Id;

/** Serves {@link Explain}, to few at once: it reads more than a lookup does, and from the source too. */
final class Explanations {
    private static final Logger log = LoggerFactory.getLogger(Explanations.class);
    private static final int AT_ONCE = 2;
    private static final int OK = 200;
    private static final String AT = "at";

    private final @Nullable Explain explain;
    private final RequestReader reader;
    private final Semaphore callers = new Semaphore(AT_ONCE);

    /** @param explain null if nothing is served */
    Explanations(@Nullable Explain explain, RequestReader reader) {
        this.explain = explain;
        this.reader = reader;
    }

    void answer(Exchange exchange, String user) throws Refusal {
        if (explain == null) {
            throw new Refusal(Problem.NOT_FOUND, "this server does not explain");
        }
        Id id = reader.user(user);
        Instant at = at(exchange.request());
        if (!callers.tryAcquire()) {
            throw new Refusal(Problem.BUSY, "too many explanations are asked for at once: ask again");
        }
        try {
            exchange.send(OK, explain.json(id, at));
        } catch (SQLException e) {
            log.warn("cannot explain request={}", exchange.id(), e);
            throw new Refusal(Problem.SOURCE_UNREACHABLE, "source or target do not answer: ask again");
        } finally {
            callers.release();
        }
    }

    private static @Nullable Instant at(Request request) throws Refusal {
        if (request.getHttpURI().getQuery() == null) {
            return null;
        }
        try {
            Fields query = Request.extractQueryParameters(request);
            if (query.getSize() != 1 || query.getValues(AT) == null) {
                throw Refusal.bad("the query has a parameter that is not known: there is " + AT);
            }
            return Instant.parse(query.getValue(AT));
        } catch (DateTimeParseException e) {
            throw Refusal.bad("at is no time: send one as 2026-11-21T12:00:00Z");
        }
    }
}
