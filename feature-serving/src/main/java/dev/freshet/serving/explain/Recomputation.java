package dev.freshet.serving.explain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.time.Micros;
import dev.freshet.schemas.Numeric;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.schemas.catalogue.FeatureDefinition;

/** The features of one user at an instant, from the orders that are added; of these it keeps the newest only. */
final class Recomputation {
    static final Comparator<SourceOrder> OLDEST_FIRST =
            Comparator.comparingLong(SourceOrder::createdAt).thenComparing(SourceOrder::id);

    private final Catalogue catalogue;
    private final SourceRows.Moment moment;
    private final long at;
    private final int limit;
    private final List<FeatureSum> sums;
    private final PriorityQueue<SourceOrder> newest = new PriorityQueue<>(OLDEST_FIRST);

    private long counting;
    private long left;
    private long later;
    private long firstLater = Long.MAX_VALUE;
    private long timeless;
    private long outsideDomain;

    /**
     * @param at epoch microseconds
     * @param limit how many orders are kept
     */
    Recomputation(Catalogue catalogue, SourceRows.Moment moment, long at, int limit) {
        this.catalogue = catalogue;
        this.moment = moment;
        this.at = at;
        this.limit = limit;
        List<String> columns = catalogue.columns();
        sums = catalogue.features().stream()
                .map(feature -> new FeatureSum(feature, columns.indexOf(feature.column()), at))
                .toList();
    }

    SourceRows.Moment moment() {
        return moment;
    }

    Instant at() {
        return Micros.toInstant(at);
    }

    void addTimeless() {
        timeless++;
    }

    void addOutsideDomain() {
        outsideDomain++;
    }

    void add(SourceOrder order) {
        if (order.createdAt() > at) {
            later++;
            firstLater = Math.min(firstLater, order.createdAt());
            return;
        }
        boolean counts = false;
        for (FeatureSum sum : sums) {
            if (sum.counts(order.createdAt())) {
                sum.add(order);
                counts = true;
            }
        }
        if (!counts) {
            left++;
            return;
        }
        counting++;
        newest.add(order);
        if (newest.size() > limit) {
            newest.poll();
        }
    }

    /** Each feature beside what a row holds of it. An absent user has no features. */
    List<ExplainedFeature> features(@Nullable HeldRow row) {
        return IntStream.range(0, sums.size())
                .mapToObj(i -> {
                    String held = row == null ? null : row.values().get(i);
                    ExplainedFeature feature = sums.get(i).beside(held);
                    return moment.hasUser()
                            ? feature
                            : new ExplainedFeature(feature.definition(), held, null, row == null, feature.working());
                })
                .toList();
    }

    SourceSide source() {
        List<SourceOrder> sorted = new ArrayList<>(newest);
        sorted.sort(OLDEST_FIRST.reversed());
        return new SourceSide(
                moment.hasUser(),
                Micros.toInstant(moment.clock()),
                sorted.stream().map(this::counted).toList(),
                counting,
                new SourceSide.Rest(
                        left, later, later == 0 ? null : Micros.toInstant(firstLater), timeless, outsideDomain));
    }

    private CountedOrder counted(SourceOrder order) {
        List<CountedOrder.Amount> amounts = new ArrayList<>();
        for (int i = 0; i < order.amounts().size(); i++) {
            Numeric value = order.amounts().get(i);
            amounts.add(new CountedOrder.Amount(catalogue.columns().get(i), value == null ? null : value.text()));
        }
        List<CountedOrder.Stay> stays = new ArrayList<>();
        for (int i = 0; i < sums.size(); i++) {
            if (sums.get(i).counts(order.createdAt())) {
                FeatureDefinition feature = catalogue.features().get(i);
                stays.add(new CountedOrder.Stay(
                        feature.name(),
                        feature.window() == null
                                ? null
                                : Micros.toInstant(order.createdAt() + feature.windowMicros())));
            }
        }
        return new CountedOrder(order.id(), Micros.toInstant(order.createdAt()), amounts, stays);
    }
}
