package dev.freshet.runtime.lifecycle;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The process cannot go on. Which of the two it is says what has to happen before it can. */
public abstract sealed class Stop extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private Stop(String message, Throwable cause) {
        super(message, cause);
    }

    private Stop(String message) {
        super(message);
    }

    /** A person must act: a restart would fail in the same way. */
    public static final class Operator extends Stop {
        private static final long serialVersionUID = 1L;
        private final String reason;
        private final String cure;

        /**
         * @param reason what is wrong, and where
         * @param cure what to do about it
         */
        public Operator(String reason, String cure) {
            super(reason + ". " + cure);
            this.reason = reason;
            this.cure = cure;
        }

        public Operator(String reason, String cure, Throwable cause) {
            super(reason + ". " + cure, cause);
            this.reason = reason;
            this.cure = cure;
        }

        private Operator(String message, List<String> reasons, List<String> cures) {
            super(message);
            reason = String.join("; ", reasons);
            cure = String.join("\n", cures);
        }

        /**
         * Several reasons at once, each told on a line of its own with its cure.
         *
         * @param what cannot be done because of them
         * @param cures one for each reason
         */
        public static Operator because(String what, List<String> reasons, List<String> cures) {
            String lines = IntStream.range(0, reasons.size())
                    .mapToObj(i -> "\n  " + reasons.get(i) + ". " + cures.get(i))
                    .collect(Collectors.joining());
            return new Operator(what + ":" + lines, reasons, cures);
        }

        public String reason() {
            return reason;
        }

        public String cure() {
            return cure;
        }
    }

    /** A restart is the cure; nothing is lost by it. */
    public static final class Restart extends Stop {
        private static final long serialVersionUID = 1L;

        /** @param reason what is wrong, and where */
        public Restart(String reason) {
            super(reason);
        }

        public Restart(String reason, Throwable cause) {
            super(reason, cause);
        }
    }
}
