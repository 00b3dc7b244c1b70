package dev.freshet.serving.http;

import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Replies to what the server refuses before it is a request, or gives up: in the same form as all others, and with no cause in them. */
final class JsonErrors implements Request.Handler {
    private final ServingMeter meter;

    JsonErrors(ServingMeter meter) {
        this.meter = meter;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Object cause = request.getAttribute(ErrorHandler.ERROR_EXCEPTION);
        int status = cause instanceof HttpException http ? http.getCode() : response.getStatus();
        Problem problem = Problem.of(status);
        Exchange exchange = new Exchange(request, response, callback, Route.OTHER, meter);
        if (problem == Problem.INTERNAL) {
            exchange.fail(cause instanceof Throwable failure ? failure : new IllegalStateException("status " + status));
        } else {
            exchange.refuse(new Refusal(problem, text(problem, cause)));
        }
        return true;
    }

    /** Jetty's own words say more than it should, or too little; only their kind is taken over. */
    private static String text(Problem problem, @Nullable Object cause) {
        return switch (problem) {
            case REQUEST_TIMEOUT -> Body.TOO_SLOW;
            case TOO_LARGE -> Body.TOO_LARGE;
            case URI_TOO_LONG -> "the path is too long: name many users by POST /v1/users/features";
            case HEADERS_TOO_LARGE -> SlowRequests.TOO_MANY_HEADERS;
            case UNSUPPORTED_MEDIA_TYPE -> Body.NOT_JSON;
            case BUSY -> "this server is about to end: ask another one";
            default ->
                cause instanceof HttpException http && http.getCode() == HttpStatus.EXPECTATION_FAILED_417
                        ? "the header Expect asks for what this server cannot do: leave it out"
                        : "this is no request that HTTP allows: see its line, its Host and its headers";
        };
    }
}
