package dev.freshet.schemas.record;

import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.change.ChangeKey;

/**
 * A record that could not be used, with its bytes, place and reason.
 *
 * @param generation the generation it was met in
 * @param stage the process that met it: ingest, streams or sink
 * @param place source table and LSN, or topic, partition and offset
 * @param reason why it cannot be used, for a person
 * @param row the row it tells of; null if not even that could be read
 * @param key the record's key as it was
 * @param value the record's value as it was
 * @param metAt wall time, in epoch microseconds
 */
@SuppressWarnings("ArrayRecordComponent") // bytes as they were; letters are never compared
public record DeadLetter(
        int generation,
        String stage,
        String place,
        String reason,
        ChangeKey.@Nullable Row row,
        byte @Nullable [] key,
        byte @Nullable [] value,
        long metAt) {}
