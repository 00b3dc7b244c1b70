package dev.freshet.e2e.faults;

import java.time.Duration;
import java.util.List;

/**
 * What came of a round.
 *
 * @param struck the faults that struck
 * @param missed those that did not, each with the reason
 * @param findings what the system did that it must not; empty if it kept its promises
 * @param back how long it took from when all was healed until everything was ready again
 * @param rowsCompared by the truth SQL, when all was healed
 */
public record Outcome(
        List<Fault> struck, List<Missed> missed, List<String> findings, Duration back, long rowsCompared) {

    /** One that did not strike, or not where it was to. */
    public record Missed(Fault fault, String reason) {
        @Override
        public String toString() {
            return fault + " missed: " + reason;
        }
    }

    public Outcome {
        struck = List.copyOf(struck);
        missed = List.copyOf(missed);
        findings = List.copyOf(findings);
    }
}
