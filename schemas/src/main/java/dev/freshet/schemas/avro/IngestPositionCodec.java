package dev.freshet.schemas.avro;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.record.IngestPosition;

final class IngestPositionCodec implements AvroCodec<IngestPosition> {
    private final Schema schema = Schemas.load("ingest-position");

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public GenericRecord toAvro(IngestPosition position) {
        IngestPosition.Identity last = position.last();
        GenericRecord record = new GenericData.Record(schema);
        record.put("generation", position.generation());
        record.put("source_offset", position.sourceOffset());
        record.put("appended_since", position.appendedSince());
        record.put("last_lsn", last == null ? null : last.lsn());
        record.put("last_xid", last == null ? null : last.xid());
        record.put("snapshot_complete", position.snapshotComplete());
        record.put("complete_lsn", position.completeLsn());
        record.put("source_time", position.sourceTime());
        record.put("system_identifier", position.source().systemIdentifier());
        record.put("timeline", position.source().timeline());
        record.put("written_at", position.writtenAt());
        return record;
    }

    @Override
    public IngestPosition fromAvro(GenericRecord record) {
        Object offset = record.get("source_offset");
        return new IngestPosition(
                (Integer) record.get("generation"),
                offset == null ? null : offset.toString(),
                (Long) record.get("appended_since"),
                identity((Long) record.get("last_lsn"), (Long) record.get("last_xid")),
                (Boolean) record.get("snapshot_complete"),
                (Long) record.get("complete_lsn"),
                (Long) record.get("source_time"),
                new IngestPosition.Source(record.get("system_identifier").toString(), (Integer) record.get("timeline")),
                (Long) record.get("written_at"));
    }

    private static IngestPosition.@Nullable Identity identity(@Nullable Long lsn, @Nullable Long xid) {
        return lsn == null || xid == null ? null : new IngestPosition.Identity(lsn, xid);
    }
}
