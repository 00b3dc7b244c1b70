package dev.freshet.serving.http;

/** A request that can be answered, and the format of its reply. */
record Parsed(LookupRequest request, ReplyFormat format) {}
