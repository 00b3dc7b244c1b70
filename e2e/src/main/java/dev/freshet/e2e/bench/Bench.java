package dev.freshet.e2e.bench;

import java.util.List;

import dev.freshet.e2e.bench.Figure.Shop;

/** Measures all figures once in each run, so that what slows the machine down for a while slows all of them down. */
final class Bench {
    private static final String SHOP = "shop";
    private static final String HEAVY_SHOP = "heavy_shop";

    private final Bed bed;
    private final Report report;

    Bench(Bed bed, Report report) {
        this.bed = bed;
        this.report = report;
    }

    void run() throws Exception {
        bed.seed().requireDurable();
        report.progress("filling shops with %,d users and %,d orders"
                .formatted(bed.options().users(), bed.options().orders()));
        bed.seed().makeShop(SHOP);
        bed.seed().makeHeavyShop(HEAVY_SHOP);
        for (int run = 1; run <= bed.options().runs(); run++) {
            report.progress("run %d of %d".formatted(run, bed.options().runs()));
            onOwnShops(Shop.COPY, SHOP);
            onOnePipeline();
            onOwnShops(Shop.HEAVY, HEAVY_SHOP);
        }
    }

    private void onOwnShops(Shop shop, String name) throws Exception {
        for (Figure figure : Figure.on(shop)) {
            if (bed.options().measures(figure)) {
                try (Trial trial = bed.trial(name)) {
                    measure(figure, trial);
                }
            }
        }
    }

    private void onOnePipeline() throws Exception {
        List<Figure> wanted = Figure.on(Shop.SHARED).stream()
                .filter(figure -> figure == Figure.BOOTSTRAP || bed.options().measures(figure))
                .toList();
        if (wanted.stream().noneMatch(bed.options()::measures)) {
            return;
        }
        try (Trial trial = bed.trial(SHOP)) {
            for (Figure figure : wanted) {
                if (!measure(figure, trial)) {
                    return; // what follows would be measured on a pipeline that is not whole
                }
            }
        }
    }

    private boolean measure(Figure figure, Trial trial) throws Exception {
        Values values = new Values();
        try {
            figure.measure(trial, values);
            if (figure.hasTable()) {
                trial.requireTruth();
            }
            report.measured(figure, values);
            return true;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            report.failed(figure, e);
            return false;
        }
    }
}
