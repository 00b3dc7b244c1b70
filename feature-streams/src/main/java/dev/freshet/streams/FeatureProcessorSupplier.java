package dev.freshet.streams;

import java.util.List;
import java.util.Set;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.generation.Generations;
import dev.freshet.runtime.lifecycle.Quoted;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.Id;
import dev.freshet.schemas.avro.UndecodableException;
import dev.freshet.schemas.change.Change;
import dev.freshet.schemas.change.ChangeKey;
import dev.freshet.schemas.feature.FeatureKey;
import dev.freshet.schemas.feature.FeatureUpdate;
import dev.freshet.schemas.record.DeadLetter;
import dev.freshet.streams.core.Emitter;
import dev.freshet.streams.core.FeatureEngine;
import dev.freshet.streams.core.ForeignStateException;
import dev.freshet.streams.core.Stores;

/** Makes the one processor, which decodes entries of the log, gives them to the engine and forwards what it emits. */
final class FeatureProcessorSupplier implements ProcessorSupplier<byte[], byte[], Object, Object> {
    private static final Logger log = LoggerFactory.getLogger(FeatureProcessorSupplier.class);

    private final FeatureJob job;
    private final LogSchemas schemas;
    private final LogEnd logEnd;
    private final LogReader reader;
    private final LogEvents events;
    private final Time time;

    /** @param time to tell how old a stored position is, and for no value of a row */
    FeatureProcessorSupplier(
            FeatureJob job, LogSchemas schemas, LogEnd logEnd, LogReader reader, LogEvents events, Time time) {
        this.job = job;
        this.schemas = schemas;
        this.logEnd = logEnd;
        this.reader = reader;
        this.events = events;
        this.time = time;
    }

    @Override
    public Processor<byte[], byte[], Object, Object> get() {
        return new FeatureProcessor(job, schemas, logEnd, reader, events, time);
    }

    @Override
    public Set<StoreBuilder<?>> stores() {
        return StateStores.builders();
    }

    private static final class FeatureProcessor implements Processor<byte[], byte[], Object, Object>, Emitter {
        private final FeatureJob job;
        private final LogSchemas schemas;
        private final LogEnd logEnd;
        private final LogReader reader;
        private final LogEvents events;
        private final Time time;

        private @Nullable ProcessorContext<Object, Object> context;
        private @Nullable FeatureEngine engine;
        private FeatureKey.@Nullable Partition partition;
        private @Nullable PositionAge age;
        private LogReader.@Nullable Reading reading;
        private List<KeyValueByteStore> withoutEnds = List.of();
        private boolean hasWatermark;

        FeatureProcessor(
                FeatureJob job, LogSchemas schemas, LogEnd logEnd, LogReader reader, LogEvents events, Time time) {
            this.job = job;
            this.schemas = schemas;
            this.logEnd = logEnd;
            this.reader = reader;
            this.events = events;
            this.time = time;
        }

        /** Also called again on the same object, after the task's state was corrupted and restored. */
        @Override
        public void init(ProcessorContext<Object, Object> context) {
            int number = context.taskId().partition();
            this.context = context;
            partition = new FeatureKey.Partition(number);
            // All stores were given their ends at once, and this one has no cache.
            boolean haveEnds = KeyValueByteStore.hasEnds(context.getStateStore(StreamsNames.PROGRESS_STORE));
            KeyValueByteStore users = store(context, StreamsNames.USERS_STORE, haveEnds);
            KeyValueByteStore orders = store(context, StreamsNames.ORDERS_STORE, haveEnds);
            KeyValueByteStore timeline = store(context, StreamsNames.TIMELINE_STORE, haveEnds);
            KeyValueByteStore progress = store(context, StreamsNames.PROGRESS_STORE, haveEnds);
            withoutEnds = haveEnds ? List.of() : List.of(users, orders, timeline, progress);
            age = new PositionAge(progress);
            engine = new FeatureEngine(
                    job.catalogue(), new Stores(users, orders, timeline, progress), this, job.slice());
            engine.restore(() -> logEnd.of(number));
            if (engine.isHeld()) {
                events.held(number);
            }
            boolean isEmpty = engine.isEmpty();
            // What was committed is no use to a state that was lost with its changelogs.
            reading = reader.seek(number, isEmpty ? LogReader.From.BEGINNING : LogReader.From.COMMITTED);
            requireState(isEmpty, reading, number);
            requireInLog(Math.max(engine.reached() + 1, reading.next()), reading.end(), number);
            if (!reading.isAtEnd()) {
                age.requireWithinLimit(time.now(), job.changesTopic(), number);
            }
        }

        @Override
        public void close() {
            if (partition != null) {
                events.released(partition.number());
            }
        }

        /** A state that is made anew knows nothing of users who are gone from the log, and whom readers may still see. */
        private void requireState(boolean isEmpty, LogReader.Reading reading, int number) {
            if (isEmpty && reading.next() > 0 && reading.hasEmitted()) {
                throw new Stop.Operator(
                        job.changesTopic() + "-" + number + " was read up to offset=" + reading.next()
                                + ", of which the state holds nothing: the brokers have lost what they held",
                        Generations.REBUILD);
            }
        }

        private void requireInLog(long reached, long end, int number) {
            if (reached > end) {
                throw new Stop.Operator(
                        job.changesTopic() + "-" + number + " ends at offset=" + end + ", before offset=" + reached
                                + " which the state has reached: the brokers have lost what they held",
                        Generations.REBUILD);
            }
        }

        private static KeyValueByteStore store(ProcessorContext<Object, Object> context, String name, boolean hasEnds) {
            return new KeyValueByteStore(context.getStateStore(name), hasEnds);
        }

        /**
         * A state that is not of this log is reported as corrupted, whereupon Kafka Streams deletes it, restores it from
         * the changelogs, and begins again where that ends. Local state outlives the loss of the brokers' data, and where the
         * new changelogs have come to be as long as the old ones, Kafka Streams takes it for theirs.
         */
        @Override
        public void process(Record<byte[], byte[]> record) {
            RecordMetadata at = initialized(context).recordMetadata().orElseThrow();
            // Not before: what init() writes is in no commit until there is an entry to process.
            withoutEnds.forEach(KeyValueByteStore::putEnds);
            withoutEnds = List.of();
            try {
                take(record, at);
                commitIfDue(at.offset());
            } catch (ForeignStateException e) {
                throw new TaskCorruptedException(
                        Set.of(initialized(context).taskId()), new ProcessorStateException(e.getMessage(), e));
            }
        }

        /**
         * What has been emitted waits for the commit that makes it visible. With entries left to process Kafka Streams decides,
         * for each commit costs the same, however much it covers; without any there is nothing to wait for.
         */
        private void commitIfDue(long processed) {
            if (initialized(reading).commitDue().test(processed) && hasWatermark) {
                hasWatermark = false;
                initialized(context).commit();
            }
        }

        private void take(Record<byte[], byte[]> record, RecordMetadata at) {
            FeatureEngine features = initialized(engine);
            // Before that the entries may well be old: a build reads the log from its beginning.
            if (features.isEmitting()) {
                PositionAge position = initialized(age);
                position.note(record.timestamp());
                position.requireCompactionLag(time.now(), at.topic(), at.partition());
            }
            ChangeKey key;
            try {
                key = job.codecs().changeKeys().decode(record.key());
            } catch (UndecodableException e) {
                deadLetter(record, at, null, e);
                hold(features, at);
                return;
            }
            try {
                features.apply(at.offset(), key, change(record));
            } catch (UndecodableException e) {
                ChangeKey.Row row = key instanceof ChangeKey.Row of ? of : null;
                deadLetter(record, at, row, e);
                if (row != null) {
                    String reason = String.valueOf(e.getMessage());
                    features.apply(at.offset(), row, new Change(0, 0, new Change.RowUnusable(reason)));
                } else if (key instanceof ChangeKey.UserReset) {
                    features.apply(at.offset(), key, new Change(0, 0, Change.CONTROL)); // the key says it all
                } else {
                    hold(features, at); // a barrier or a tick: whom it concerned is everybody
                }
            }
        }

        private void hold(FeatureEngine features, RecordMetadata at) {
            log.error(
                    "the watermark of a partition stands still for good: nobody can tell whom an unreadable entry concerned "
                            + "cure={} entry={}-{}@{}",
                    Quoted.of(Generations.REBUILD),
                    at.topic(),
                    at.partition(),
                    at.offset());
            features.applyUnreadable();
            events.held(at.partition());
        }

        private @Nullable Change change(Record<byte[], byte[]> record) {
            return record.value() == null ? null : schemas.decode(record.value());
        }

        private void deadLetter(
                Record<byte[], byte[]> record, RecordMetadata at, ChangeKey.@Nullable Row row, UndecodableException e) {
            DeadLetter letter = new DeadLetter(
                    job.generation(),
                    "streams",
                    at.topic() + "-" + at.partition() + "@" + at.offset(),
                    String.valueOf(e.getMessage()),
                    row,
                    record.key(),
                    record.value(),
                    record.timestamp() * 1_000);
            byte[] bytes = job.codecs().deadLetters().encode(letter);
            events.deadLetter();
            initialized(context)
                    .forward(new Record<>(record.key(), bytes, record.timestamp()), StreamsNames.DEAD_LETTERS);
        }

        @Override
        public void emit(Id user, FeatureUpdate update) {
            forward(new FeatureKey.User(user), update);
        }

        @Override
        public void erase(Id user) {
            forward(new FeatureKey.User(user), null);
        }

        @Override
        public void emit(FeatureUpdate.Watermark watermark) {
            hasWatermark = true;
            forward(initialized(partition), watermark);
        }

        private void forward(FeatureKey key, @Nullable FeatureUpdate update) {
            ProcessorContext<Object, Object> out = initialized(context);
            // The record's time is Kafka's own business; the broker would refuse a business time far from its clock.
            out.forward(new Record<>(key, update, out.currentStreamTimeMs()), StreamsNames.FEATURES);
        }

        private static <T> T initialized(@Nullable T part) {
            if (part == null) {
                throw new IllegalStateException("init() comes before anything else");
            }
            return part;
        }
    }
}
