package dev.freshet.serving.http;

import org.jspecify.annotations.Nullable;

/** A request that is not answered with what it asks for; the message says what to do. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final Problem problem;
    private final transient @Nullable Freshness freshness;

    Refusal(Problem problem, String message) {
        this(problem, message, null);
    }

    /** @param freshness of the table as it was read; null if it was not */
    Refusal(Problem problem, String message, @Nullable Freshness freshness) {
        super(message, null, false, false);
        this.problem = problem;
        this.freshness = freshness;
    }

    static Refusal bad(String message) {
        return new Refusal(Problem.BAD_REQUEST, message);
    }

    Problem problem() {
        return problem;
    }

    String text() {
        return String.valueOf(getMessage());
    }

    @Nullable
    Freshness freshness() {
        return freshness;
    }
}
