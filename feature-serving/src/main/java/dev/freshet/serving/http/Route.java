package dev.freshet.serving.http;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

import dev.freshet.serving.auth.Scope;

/** What is served, and who may ask for it. */
enum Route {
    /** {@code /v1/users/{id}/features}. */
    ONE("GET, HEAD", Scope.READ),
    /** {@code /v1/users/features}. */
    BATCH("POST", Scope.READ),
    /** {@code /get-online-features}, as Feast's. */
    FEAST("POST", Scope.READ),
    /** {@code /v1/users/{id}/explain}. */
    EXPLAIN("GET, HEAD", Scope.ADMIN),
    OPENAPI("GET, HEAD", Scope.READ),
    HEALTH("GET, HEAD", null),
    READY("GET, HEAD", null),
    /** Nothing is there. */
    OTHER("GET, HEAD, POST", Scope.READ);

    static final String USERS = "/v1/users/";
    static final String FEATURES = "/features";
    static final String EXPLANATION = "/explain";

    private final String allow;
    private final @Nullable Scope scope;

    Route(String allow, @Nullable Scope scope) {
        this.allow = allow;
        this.scope = scope;
    }

    /**
     * What a path names.
     *
     * @param user the path's part that names the user, still encoded; null if it has none
     */
    record Place(Route route, @Nullable String user) {}

    /** Of a path as it was sent. */
    static Place of(@Nullable String path) {
        if (path == null) {
            return new Place(OTHER, null);
        }
        return switch (path) {
            case "/v1/users/features" -> new Place(BATCH, null);
            case "/get-online-features" -> new Place(FEAST, null);
            case "/openapi.json" -> new Place(OPENAPI, null);
            case "/health" -> new Place(HEALTH, null);
            case "/ready" -> new Place(READY, null);
            default -> ofUser(path);
        };
    }

    private static Place ofUser(String path) {
        int end = path.lastIndexOf('/');
        if (!path.startsWith(USERS) || end < USERS.length() || path.indexOf('/', USERS.length()) != end) {
            return new Place(OTHER, null);
        }
        String user = path.substring(USERS.length(), end);
        return switch (path.substring(end)) {
            case FEATURES -> new Place(ONE, user);
            case EXPLANATION -> new Place(EXPLAIN, user);
            default -> new Place(OTHER, null);
        };
    }

    /** The value of the header Allow. */
    String allow() {
        return allow;
    }

    boolean allows(String method) {
        return allow.equals(method) || Arrays.asList(allow.split(", ")).contains(method);
    }

    /** What a token has to allow; null if none is asked for. */
    @Nullable
    Scope scope() {
        return scope;
    }

    /** As metrics tell it. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
