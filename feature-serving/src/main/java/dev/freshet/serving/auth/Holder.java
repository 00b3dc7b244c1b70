package dev.freshet.serving.auth;

/**
 * Who has a token.
 *
 * @param label as the file of tokens names it; never the token
 */
public record Holder(Scope scope, String label) {}
