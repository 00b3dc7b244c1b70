package dev.freshet.e2e.faults;

import java.util.List;
import java.util.stream.Stream;

import dev.freshet.e2e.bed.Part;
import dev.freshet.runtime.monitoring.Reason.Code;

/**
 * A fault that has struck.
 *
 * @param signs what processes have to tell while it lasts
 * @param healing ends it; what is only killed is started again without
 */
public record Strike(List<Sign> signs, Healing healing) {

    /**
     * That a part is not ready, and why.
     *
     * @param part in its first instance
     */
    public record Sign(Part part, Code code) {
        @Override
        public String toString() {
            return part + " " + code;
        }
    }

    /** What ends a fault. */
    @FunctionalInterface
    public interface Healing {
        void heal() throws Exception;
    }

    public Strike {
        signs = List.copyOf(signs);
    }

    /** One that nothing needs to be done about, such as a kill under a supervisor. */
    static Strike passing() {
        return new Strike(List.of(), () -> {});
    }

    /** One that lasts, and need not show in what processes tell. */
    static Strike until(Healing healing) {
        return new Strike(List.of(), healing);
    }

    /** One that lasts, and that these parts have to tell of. */
    static Strike until(Healing healing, Code code, Part... parts) {
        return new Strike(Stream.of(parts).map(part -> new Sign(part, code)).toList(), healing);
    }
}
