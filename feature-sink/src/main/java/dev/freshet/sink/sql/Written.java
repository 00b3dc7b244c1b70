package dev.freshet.sink.sql;

import java.util.List;

import dev.freshet.sink.sql.Poll.Entry;

/**
 * What a transaction did.
 *
 * @param rows users inserted or updated
 * @param removals users deleted
 * @param rejected entries older than what the table held: always 0, or something is wrong
 * @param letters entries that went to the dead letters
 * @param waiting entries that wait for their user
 */
public record Written(int rows, int removals, int rejected, int letters, List<Entry> waiting) {}
