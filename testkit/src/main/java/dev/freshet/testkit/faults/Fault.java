package dev.freshet.testkit.faults;

import java.time.Duration;

/** What a {@link FaultProxy} does to the connections that go through it. */
public sealed interface Fault {

    /** Nothing: bytes pass as they come. */
    record None() implements Fault {}

    /** Every piece is held back for so long, in both directions. */
    record Latency(Duration each) implements Fault {}

    /** Bytes are taken and go nowhere, and no end of a connection is told: as behind a firewall that drops. */
    record Blackhole() implements Fault {}

    /** As a blackhole for what goes this way; the other way is as it was. */
    record Silence(Side to) implements Fault {}

    /** Connections are reset, also those that are open, and each new one as soon as it is made. */
    record Reset() implements Fault {}

    /**
     * Each connection is reset behind so many bytes that went one way, counted from when the fault began, or the connection if it is
     * younger.
     *
     * @param to which way
     */
    record CutAfter(Side to, long bytes) implements Fault {}

    /** What the server says next is not told: the connection is reset when it comes. The request has been done, and nobody knows. */
    record CutReply() implements Fault {}

    /**
     * A connection is reset when the server says this, which is not told: what it is the reply to has been done, and nobody knows. Found
     * within one piece, so it is for short replies.
     */
    record CutAtReply(String marker) implements Fault {}

    /** An end of a connection. */
    enum Side {
        CLIENT,
        SERVER
    }
}
