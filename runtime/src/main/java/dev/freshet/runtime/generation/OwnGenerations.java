package dev.freshet.runtime.generation;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.lifecycle.Quoted;
import dev.freshet.runtime.lifecycle.Stop;

/**
 * The generations that a configuration computes. What was begun with another one, as before a column was renamed, is left to
 * processes that still have that configuration, or as it is: what follows it can only be built if somebody goes on.
 */
public final class OwnGenerations {
    private static final Logger log = LoggerFactory.getLogger(OwnGenerations.class);

    private final String definition;
    private final Set<Integer> own = new HashSet<>();
    private final Map<Integer, Stop.Operator> others = new HashMap<>();

    /** @param definition {@link dev.freshet.runtime.config.FreshetConfig#definition()} */
    public OwnGenerations(String definition) {
        this.definition = definition;
    }

    /**
     * Those of them that are ours, or nobody's until now. Asks once for each, for that stands for good.
     *
     * @throws Stop.Operator if there are some, and none is ours
     */
    public List<Generation> among(List<Generation> active, Bindings bindings) throws SQLException {
        for (Generation generation : active) {
            if (!own.contains(generation.number()) && !others.containsKey(generation.number())) {
                learn(generation.number(), bindings);
            }
        }
        List<Generation> ours =
                active.stream().filter(one -> own.contains(one.number())).toList();
        if (ours.isEmpty() && !active.isEmpty()) {
            throw others.get(active.get(active.size() - 1).number());
        }
        return ours;
    }

    private void learn(int number, Bindings bindings) throws SQLException {
        try {
            bindings.bind(number, definition);
            own.add(number);
        } catch (Stop.Operator e) {
            others.put(number, e);
            log.warn("not computed here generation={} reason={}", number, Quoted.of(String.valueOf(e.getMessage())));
        }
    }
}
