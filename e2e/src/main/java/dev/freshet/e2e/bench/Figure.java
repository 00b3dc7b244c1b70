package dev.freshet.e2e.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What can be measured, by the names of the command line, in the order in which it is. */
enum Figure {
    DEBEZIUM(Shop.COPY, DebeziumAlone::measure),
    BOOTSTRAP(Shop.SHARED, Bootstrap::measure),
    BURST(Shop.SHARED, Burst::measure),
    REST(Shop.SHARED, Visibility::atRest),
    LOAD(Shop.SHARED, Visibility::underLoad),
    EXPIRY(Shop.SHARED, Expiry::measure),
    LOOKUP(Shop.SHARED, Lookups::measure),
    KILL(Shop.SHARED, Kill::measure),
    STATE(Shop.SHARED, StateSize::measure),
    HEAVY(Shop.HEAVY, HeavyUser::measure),
    SOURCE(Shop.COPY, SourceSpeed::measure);

    /** On which shop. */
    enum Shop {
        /** That of the bootstrap, one figure after the other. */
        SHARED,
        /** One of its own that is filled likewise, of which nothing runs yet. */
        COPY,
        /** One of its own, with a user who has most of the orders. */
        HEAVY
    }

    @FunctionalInterface
    interface Measurement {
        void measure(Trial trial, Values values) throws Exception;
    }

    /** Reads one as the command line has it; picocli's own tells its names as Java has them, too. */
    static final class Name implements ITypeConverter<Figure> {
        @Override
        public Figure convert(String name) {
            return Arrays.stream(values())
                    .filter(figure -> figure.toString().equals(name))
                    .findFirst()
                    .orElseThrow(() ->
                            new TypeConversionException("'" + name + "' is none of " + Arrays.toString(values())));
        }
    }

    private final Shop shop;
    private final Measurement measurement;

    Figure(Shop shop, Measurement measurement) {
        this.shop = shop;
        this.measurement = measurement;
    }

    static List<Figure> on(Shop shop) {
        return Arrays.stream(values()).filter(figure -> figure.shop == shop).toList();
    }

    /** Debezium alone makes none. */
    boolean hasTable() {
        return this != DEBEZIUM;
    }

    void measure(Trial trial, Values values) throws Exception {
        measurement.measure(trial, values);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
