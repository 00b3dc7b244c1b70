package dev.freshet.serving.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request on its way to its reply, which is given once. */
final class Exchange {
    private static final Logger log = LoggerFactory.getLogger(Exchange.class);
    private static final HttpField JSON = new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, "application/json");
    private static final HttpField NO_STORE = new PreEncodedHttpField(HttpHeader.CACHE_CONTROL, "no-store");
    private static final HttpField NO_SNIFF = new PreEncodedHttpField("X-Content-Type-Options", "nosniff");
    private static final HttpField CHALLENGE =
            new PreEncodedHttpField(HttpHeader.WWW_AUTHENTICATE, "Bearer realm=\"freshet\"");
    private static final HttpField RETRY = new PreEncodedHttpField(HttpHeader.RETRY_AFTER, "1");
    private static final HttpField CLOSE = new PreEncodedHttpField(HttpHeader.CONNECTION, "close");
    private static final String REQUEST_ID = "X-Request-Id";
    private static final int UNAVAILABLE = 503;

    private final Request request;
    private final Response response;
    private final Callback callback;
    private final String id;
    private final Route route;
    private final ServingMeter meter;
    private boolean bodyLeft;

    Exchange(Request request, Response response, Callback callback, Route route, ServingMeter meter) {
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.route = route;
        this.meter = meter;
        id = RequestIds.next();
        HttpFields headers = request.getHeaders();
        bodyLeft =
                headers.getLongField(HttpHeader.CONTENT_LENGTH) > 0 || headers.contains(HttpHeader.TRANSFER_ENCODING);
    }

    Request request() {
        return request;
    }

    Route route() {
        return route;
    }

    String id() {
        return id;
    }

    /** Nothing of the request is left on the connection, which can take another one. */
    void bodyRead() {
        bodyLeft = false;
    }

    /** A connection that is silent meanwhile is no reason to give it up. */
    void mayBeSilent() {
        request.addIdleTimeoutListener(timeout -> false);
    }

    void send(int status, byte[] json) {
        HttpFields.Mutable headers = response.getHeaders();
        headers.put(JSON);
        headers.put(NO_STORE);
        headers.put(NO_SNIFF);
        headers.put(REQUEST_ID, id);
        if (bodyLeft) {
            headers.put(CLOSE);
        }
        response.setStatus(status);
        meter.answered(route, status, request.getBeginNanoTime());
        response.write(true, ByteBuffer.wrap(json), callback);
    }

    void refuse(Refusal refusal) {
        Problem problem = refusal.problem();
        HttpFields.Mutable headers = response.getHeaders();
        switch (problem.status()) {
            case 401 -> headers.put(CHALLENGE);
            case 405 -> headers.put(HttpHeader.ALLOW, route.allow());
            case UNAVAILABLE -> headers.put(RETRY);
            default -> {}
        }
        log.debug("refused request={} route={} code={} reason=\"{}\"", id, route.label(), problem, refusal.text());
        send(problem.status(), ErrorJson.bytes(problem, refusal.text(), id, refusal.freshness()));
    }

    /** What should never happen; its cause is for the log alone. */
    void fail(Throwable bug) {
        log.error("a fault of Freshet's own: please report it request={} route={}", id, route.label(), bug);
        if (response.isCommitted()) {
            callback.failed(bug);
        } else {
            refuse(new Refusal(
                    Problem.INTERNAL, "a fault of the server's own: its log tells more under this request_id"));
        }
    }

    /** For whoever is too slow or has left: the server itself answers, by {@link JsonErrors}, and closes the connection. */
    void abandon(Throwable reason) {
        callback.failed(reason);
    }
}
