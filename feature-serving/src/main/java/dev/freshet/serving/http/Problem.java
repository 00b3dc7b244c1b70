package dev.freshet.serving.http;

/** Why a request is refused. The names are part of what others rely on: none is ever changed. */
enum Problem {
    BAD_REQUEST(400),
    UNAUTHORIZED(401),
    FORBIDDEN(403),
    NOT_FOUND(404),
    METHOD_NOT_ALLOWED(405),
    REQUEST_TIMEOUT(408),
    /** The table has not got what min_lsn asks for. */
    LSN_NOT_REACHED(412),
    /** Another generation is live than the one that the request names. */
    OTHER_GENERATION(412),
    TOO_LARGE(413),
    TOO_MANY_USERS(413),
    URI_TOO_LONG(414),
    UNSUPPORTED_MEDIA_TYPE(415),
    HEADERS_TOO_LARGE(431),
    INTERNAL(500),
    /** Only where the request asks for an error in place of a status. */
    OUTSIDE_MAX_AGE(503),
    NOT_LIVE(503),
    BUSY(503),
    TOO_MANY_WAITERS(503),
    TARGET_UNREACHABLE(503),
    SOURCE_UNREACHABLE(503);

    private final int status;

    Problem(int status) {
        this.status = status;
    }

    int status() {
        return status;
    }

    /** What comes next to a status that the server itself answers with. */
    static Problem of(int status) {
        return switch (status) {
            case 401 -> UNAUTHORIZED;
            case 403 -> FORBIDDEN;
            case 404 -> NOT_FOUND;
            case 405 -> METHOD_NOT_ALLOWED;
            case 408 -> REQUEST_TIMEOUT;
            case 413 -> TOO_LARGE;
            case 414 -> URI_TOO_LONG;
            case 415 -> UNSUPPORTED_MEDIA_TYPE;
            case 431 -> HEADERS_TOO_LARGE;
            case 503 -> BUSY;
            default -> (status >= 400 && status < 500) || status == 505 ? BAD_REQUEST : INTERNAL;
        };
    }
}
