package dev.freshet.streams.core;

/**
 * The state of one partition.
 *
 * @param users a user's header by {@link Keys#user}: with its orders, as long as they are few
 * @param orders of users with many orders: each by {@link Keys#order}
 * @param timeline of the same users: each order again by {@link Keys#instant}
 * @param progress {@link Progress} in one entry, and what {@link Garbage} there is
 */
public record Stores(ByteStore users, ByteStore orders, ByteStore timeline, ByteStore progress) {}
