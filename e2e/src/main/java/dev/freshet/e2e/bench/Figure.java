package dev.freshet.e2e.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What can be measured, by the names of the command line, in the order in which it is. */
enum Figure {
    DEBEZIUM(Shop.COPY, DebeziumAlone::measure),
    BOOTSTRAP(Shop.SHARED, Bootstrap::measure),
    BURST(Shop.SHARED, Burst::measure),
    REST(Shop.SHARED, Visibility::atRest),
    LOAD(Shop.SHARED, Visibility::underLoad);

    /** On which shop. */
    enum Shop {
        /** One of its own without a pipeline: there is no table to be compared. */
        COPY,
        /** That of the bootstrap, one figure after the other. */
        SHARED
    }

    @FunctionalInterface
    interface Measurement {
        void measure(Trial trial, Values values) throws Exception;
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

    void measure(Trial trial, Values values) throws Exception {
        measurement.measure(trial, values);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
