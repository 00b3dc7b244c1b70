package dev.freshet.serving.http;

/** Writes a reply in one of the formats. */
@FunctionalInterface
interface ReplyFormat {
    /** @throws Refusal if in this format there is no reply of it */
    byte[] json(LookupReply reply) throws Refusal;
}
