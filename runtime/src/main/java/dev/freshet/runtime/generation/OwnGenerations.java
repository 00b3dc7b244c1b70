package dev.freshet.runtime.generation;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.lifecycle.Stop;

/**
 * The generations that a configuration computes. What was begun with another one, as before a column was renamed, is left to
 * processes that still have that configuration, or as it is: what follows it can only be built if somebody goes on.
 */
public final class OwnGenerations {
    private static final Logger log = LoggerFactory.getLogger(OwnGenerations.class);

    private final String definition;
    private final Set<Integer> others = new HashSet<>();

    /** @param definition {@link dev.freshet.runtime.config.FreshetConfig#definition()} */
    public OwnGenerations(String definition) {
        this.definition = definition;
    }

    /**
     * Those of them that are ours, or nobody's until now.
     *
     * @throws Stop.Operator if there are some, and none is ours
     */
    public List<Generation> among(List<Generation> active, Generations generations) throws SQLException {
        List<Generation> own = new ArrayList<>();
        Stop.Operator refusal = null;
        for (Generation generation : active) {
            try {
                generations.bind(generation.number(), definition);
                own.add(generation);
            } catch (Stop.Operator e) {
                refusal = e;
                if (others.add(generation.number())) {
                    log.warn("not computed here generation={} reason=\"{}\"", generation.number(), e.getMessage());
                }
            }
        }
        if (own.isEmpty() && refusal != null) {
            throw refusal;
        }
        return own;
    }
}
