package dev.freshet.streams.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.freshet.schemas.Id;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.schemas.feature.FeatureKey;
import dev.freshet.schemas.feature.FeatureUpdate;

/** A random history's change log, and what the core emits when it reads it from the beginning without a break. */
public final class Replay {
    private Replay() {}

    /** The log of a history that the oracle has approved of. */
    public static List<Entry> log(long seed, int operations) {
        RandomHistory history = new RandomHistory(seed, Catalogue.standard());
        history.run(operations);
        return history.log();
    }

    /** What the core emits for {@code log}, whose offsets are 0, 1, 2 and so on; nothing under a key is the end of an erased user. */
    public static List<Map.Entry<FeatureKey, Optional<FeatureUpdate>>> emissions(List<Entry> log, int slice) {
        List<Map.Entry<FeatureKey, Optional<FeatureUpdate>>> emissions = new ArrayList<>();
        Emitter emitter = new Emitter() {
            @Override
            public void emit(Id user, FeatureUpdate update) {
                emissions.add(Map.entry(new FeatureKey.User(user), Optional.of(update)));
            }

            @Override
            public void erase(Id user) {
                emissions.add(Map.entry(new FeatureKey.User(user), Optional.empty()));
            }

            @Override
            public void emit(FeatureUpdate.Watermark watermark) {
                emissions.add(Map.entry(new FeatureKey.Partition(0), Optional.of(watermark)));
            }
        };
        FeatureEngine engine = new FeatureEngine(Catalogue.standard(), MemoryStore.four(), emitter, slice);
        engine.restore(() -> 0);
        for (int offset = 0; offset < log.size(); offset++) {
            engine.apply(offset, log.get(offset).key(), log.get(offset).change());
        }
        return emissions;
    }
}
