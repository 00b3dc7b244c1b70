package dev.freshet.schemas.avro;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

import dev.freshet.schemas.feature.FeatureKey;

final class FeatureKeyCodec implements AvroCodec<FeatureKey> {
    private final Schema schema = Schemas.load("feature-key");
    private final Schema user = schema.getField("of").schema().getTypes().get(0);
    private final Schema partition = schema.getField("of").schema().getTypes().get(1);

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public GenericRecord toAvro(FeatureKey key) {
        GenericRecord of;
        if (key instanceof FeatureKey.User userKey) {
            of = new GenericData.Record(user);
            of.put("user_id", Ids.toAvro(userKey.id()));
        } else {
            of = new GenericData.Record(partition);
            of.put("number", ((FeatureKey.Partition) key).number());
        }
        GenericRecord record = new GenericData.Record(schema);
        record.put("of", of);
        return record;
    }

    @Override
    public FeatureKey fromAvro(GenericRecord record) {
        GenericRecord of = (GenericRecord) record.get("of");
        return of.getSchema().getName().equals("UserKey")
                ? new FeatureKey.User(Ids.fromAvro(of.get("user_id")))
                : new FeatureKey.Partition((Integer) of.get("number"));
    }
}
