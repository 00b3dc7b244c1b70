package dev.freshet.runtime.check;

import java.util.List;
import java.util.function.Consumer;

/** Everything that one server, or one thing that all depend on, is checked for. */
public interface Checks {
    /** What is checked, in a word. */
    String subject();

    /**
     * All that is found at once; changes nothing.
     *
     * @throws Exception if it cannot be asked
     */
    List<Finding> find() throws Exception;

    /**
     * Mends what can be mended without losing anything, hiding a loss, or reading or stopping anything for long.
     *
     * @param done is told each thing as soon as it was done, as what was run: also where the next one fails
     */
    void fix(Consumer<String> done) throws Exception;
}
