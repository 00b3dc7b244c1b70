package dev.freshet.serving.http;

import java.util.Set;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Takes a request to whoever answers it. */
final class Api extends Handler.Abstract {
    private static final Set<String> NEVER_SERVED = Set.of("TRACE", "OPTIONS", "CONNECT");
    private static final int OK = 200;

    private final Access access;
    private final RequestReader reader;
    private final Answers answers;
    private final Pages pages;
    private final ExplainRequests explainRequests;
    private final ServingMeter meter;

    Api(
            Access access,
            RequestReader reader,
            Answers answers,
            Pages pages,
            ExplainRequests explainRequests,
            ServingMeter meter) {
        this.access = access;
        this.reader = reader;
        this.answers = answers;
        this.pages = pages;
        this.explainRequests = explainRequests;
        this.meter = meter;
    }

    /** Reads a request that has come as a whole. */
    @FunctionalInterface
    private interface Reading {
        Parsed parsed() throws Refusal;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Route.Place place = Route.of(request.getHttpURI().getPath());
        Exchange exchange = new Exchange(request, response, callback, place.route(), meter);
        try {
            check(exchange);
            serve(exchange, place.route(), place.user());
        } catch (Refusal e) {
            exchange.refuse(e);
        } catch (RuntimeException e) {
            exchange.fail(e);
        }
        return true;
    }

    private void check(Exchange exchange) throws Refusal {
        Route route = exchange.route();
        access.check(exchange.request(), route, exchange.id());
        if (exchange.request().getHeaders().size() > SlowRequests.MOST_HEADERS) {
            throw new Refusal(Problem.HEADERS_TOO_LARGE, SlowRequests.TOO_MANY_HEADERS);
        }
        String method = exchange.request().getMethod();
        if (!route.allows(method) && (route != Route.OTHER || NEVER_SERVED.contains(method))) {
            throw new Refusal(Problem.METHOD_NOT_ALLOWED, "what is there takes " + route.allow());
        }
    }

    private void serve(Exchange exchange, Route route, @Nullable String user) throws Refusal {
        Request request = exchange.request();
        String encoded = user == null ? "" : user;
        switch (route) {
            case ONE -> answer(exchange, () -> reader.one(request, encoded));
            case BATCH -> Body.read(exchange, body -> answer(exchange, () -> reader.batch(request, body)));
            case FEAST -> Body.read(exchange, body -> answer(exchange, () -> reader.feast(request, body)));
            case EXPLAIN -> explainRequests.answer(exchange, encoded);
            case OPENAPI -> pages.openApi(exchange);
            case HEALTH -> pages.health(exchange);
            case READY -> pages.ready(exchange);
            case OTHER -> throw new Refusal(Problem.NOT_FOUND, "nothing is there: GET /openapi.json tells what is");
        }
    }

    private void answer(Exchange exchange, Reading reading) {
        try {
            Parsed parsed = reading.parsed();
            exchange.mayBeSilent();
            answers.answer(parsed.request(), new Client(exchange, parsed.format()));
        } catch (Refusal e) {
            exchange.refuse(e);
        } catch (RuntimeException e) {
            exchange.fail(e);
        }
    }

    /** Gets the reply in the format of its request. */
    private record Client(Exchange exchange, ReplyFormat format) implements Answers.Caller {
        @Override
        public void reply(LookupReply reply) {
            try {
                exchange.send(OK, format.json(reply));
            } catch (Refusal e) {
                exchange.refuse(e);
            }
        }

        @Override
        public void refuse(Refusal refusal) {
            exchange.refuse(refusal);
        }

        @Override
        public void fail(RuntimeException bug) {
            exchange.fail(bug);
        }
    }
}
