package dev.freshet.serving.http;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/** Names of requests, distinct over processes too. A client's own are not taken over: they end up in the log. */
final class RequestIds {
    private static final String PROCESS = HexFormat.of().toHexDigits(new SecureRandom().nextInt()) + "-";
    private static final AtomicLong COUNT = new AtomicLong();

    private RequestIds() {}

    static String next() {
        return PROCESS + Long.toString(COUNT.incrementAndGet(), Character.MAX_RADIX);
    }
}
