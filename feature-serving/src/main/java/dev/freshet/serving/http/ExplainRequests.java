package dev.freshet.serving.http;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.jdbc.SqlFault;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.schemas.Id;
import dev.freshet.serving.explain.ExplainedInstant;
import dev.freshet.serving.explain.UnusableInstantException;

/** Serves {@link Explain}, to few at once: it reads more than a lookup does, and from the source too. */
final class ExplainRequests {
    private static final Logger log = LoggerFactory.getLogger(ExplainRequests.class);
    private static final int AT_ONCE = 2;
    private static final int OK = 200;
    private static final String AT = "at";

    private final @Nullable Explain explain;
    private final RequestReader reader;
    private final Semaphore callers = new Semaphore(AT_ONCE);

    /** @param explain null if nothing is served */
    ExplainRequests(@Nullable Explain explain, RequestReader reader) {
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
        exchange.mayBeSilent();
        try {
            exchange.send(
                    OK,
                    explain.json(id, at)
                            .orElseThrow(() -> new Refusal(
                                    Problem.NOT_FOUND, "neither the source nor the table has such a user")));
        } catch (SQLException e) {
            log.warn("cannot explain request={}", exchange.id(), e);
            throw new Refusal(
                    Problem.SOURCE_UNREACHABLE,
                    SqlFault.isPassing(e)
                            ? "source or target do not answer: ask again"
                            : "source or target cannot be read: see the log of freshet serve");
        } catch (UnusableInstantException e) {
            throw Refusal.bad(String.valueOf(e.getMessage()));
        } catch (Stop.Operator e) {
            throw new Refusal(Problem.NOT_LIVE, e.reason());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal(Problem.BUSY, "this server is about to end: ask another one");
        } finally {
            callers.release();
        }
    }

    private static @Nullable Instant at(Request request) throws Refusal {
        if (request.getHttpURI().getQuery() == null) {
            return null;
        }
        Fields query = RequestReader.query(request);
        List<String> values = query.getValuesOrEmpty(AT);
        if (query.getSize() != 1 || values.size() != 1) {
            throw Refusal.bad("the query has a parameter that is not known, or one twice: there is " + AT);
        }
        try {
            // A plus that was not encoded comes as a blank, which no instant has.
            return ExplainedInstant.parse(values.get(0).replace(' ', '+'));
        } catch (UnusableInstantException e) {
            throw Refusal.bad(String.valueOf(e.getMessage()));
        }
    }
}
