package dev.freshet.streams.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

import dev.freshet.schemas.Id;
import dev.freshet.schemas.Numeric;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.schemas.feature.FeatureUpdate;
import dev.freshet.schemas.feature.FeatureValue;
import dev.freshet.testkit.oracle.SourceOrder;

class TimePassesTest {
    private static final long NOW = 1_780_000_000_000_000L;

    @Test
    void withoutAnyChangeEveryCountFallsToZeroExactlyAtItsEdges() {
        long seed = Long.getLong("freshet.seed", new SplittableRandom().nextLong());
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        Rig rig = new Rig(Catalogue.standard(), random.split(), NOW, 500);
        for (int user = 0; user < 20; user++) {
            rig.source.putUser(Id.of(user));
            int orders = user < 3 ? 120 : random.nextInt(12);
            for (int order = 0; order < orders; order++) {
                long createdAt = NOW + random.nextLong(-40 * RandomValues.DAY, 5 * RandomValues.DAY);
                rig.source.putOrder(
                        Id.of(1_000 * user + order),
                        new SourceOrder(Id.of(user), createdAt, List.of(Numeric.of(BigDecimal.valueOf(order, 2)))));
            }
        }
        rig.feed(rig.source.commit());
        rig.endSnapshot();
        while (!rig.isEmitting()) {
            rig.tick(NOW);
        }
        rig.assertAllRight();

        int edges = 0;
        TreeSet<Long> ahead = edgesAhead(rig);
        while (!ahead.isEmpty()) {
            long edge = ahead.first();
            int before = rig.table.emissions;
            rig.settle(edge - 1);
            // Restarts may repeat a row, but not change one; without any, nothing at all is emitted.
            rig.assertAllRight();
            assertThat(edgesAhead(rig).first())
                    .as("nothing moved before the edge")
                    .isEqualTo(edge);

            rig.settle(edge);
            rig.table.assertAllRight();
            assertThat(rig.table.emissions).as("rows emitted at the edge").isGreaterThan(before);
            ahead = edgesAhead(rig);
            assertThat(ahead.isEmpty() || ahead.first() > edge).isTrue();
            edges++;
        }

        System.out.println(edges + " edges");
        assertThat(edges).isGreaterThan(300);
        rig.table.entries().values().forEach(update -> assertThat(((FeatureUpdate.Row) update).values())
                .startsWith(new FeatureValue.Count(0), new FeatureValue.Count(0)));
    }

    private static TreeSet<Long> edgesAhead(Rig rig) {
        TreeSet<Long> edges = new TreeSet<>();
        rig.table.entries().values().forEach(update -> {
            Long edge = ((FeatureUpdate.Row) update).exactUntil();
            if (edge != null) {
                edges.add(edge);
            }
        });
        return edges;
    }
}
