package dev.freshet.e2e.faults;

import static java.util.stream.Collectors.joining;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

import dev.freshet.e2e.bed.Bed;
import dev.freshet.e2e.faults.Outcome.Missed;
import dev.freshet.e2e.faults.Strike.Sign;
import dev.freshet.e2e.process.OutOfPatienceException;

/** Faults strike, one after the other and then side by side; they are healed; and the system has to be as it promises. */
public final class Round {
    /** OPERATIONS.md: a cause is told within 10 s. */
    private static final Duration SIGN = Duration.ofSeconds(10);

    private static final int LONGEST_MILLIS = 2_000;

    private final Bed bed;
    private final SplittableRandom random;
    private final List<Fault> struck = new ArrayList<>();
    private final List<Missed> missed = new ArrayList<>();
    private final List<String> findings = new ArrayList<>();
    private final List<Strike> strikes = new ArrayList<>();

    private Round(Bed bed, SplittableRandom random) {
        this.bed = bed;
        this.random = random;
    }

    /**
     * What strikes.
     *
     * @param phase in which the first one does
     */
    public record Plan(List<Fault> faults, Phase phase) {
        public Plan {
            faults = List.copyOf(faults);
        }

        @Override
        public String toString() {
            return faults.stream().map(Fault::name).collect(joining(" + ")) + " in " + phase;
        }
    }

    /** Returns when all is healed and was looked at. */
    public static Outcome of(Plan plan, Bed bed, SplittableRandom random) throws Exception {
        Round round = new Round(bed, random);
        List<Fault> faults = plan.faults();
        boolean isAlone = faults.size() == 1;
        Strike.Healing endOfPhase = plan.phase().enter(bed);
        for (Fault fault : faults) {
            round.strike(fault, isAlone, plan.phase());
        }
        if (isAlone) {
            round.awaitSigns();
        }
        bed.time().pause(Duration.ofMillis(random.nextInt(LONGEST_MILLIS)));
        round.heal();
        Aftermath aftermath = new Aftermath(bed, round.findings::add);
        Duration back = aftermath.awaitReady();
        endOfPhase.heal();
        aftermath.awaitReady();
        long compared = aftermath.check();
        return new Outcome(round.struck, round.missed, round.findings, back, compared);
    }

    /** Where another fault is in force, that may be what keeps this one from striking. */
    private void strike(Fault fault, boolean isAlone, Phase phase) throws InterruptedException {
        try {
            strikes.add(fault.begin(bed, random.split()));
            if (phase.isOver(bed)) {
                missed.add(new Missed(fault, "the " + phase + " was over"));
            } else {
                struck.add(fault);
            }
        } catch (InterruptedException e) {
            throw e;
        } catch (MissedException e) {
            missed.add(new Missed(fault, String.valueOf(e.getMessage())));
        } catch (BrokenPromiseException e) {
            findings.add(fault + ": " + e.getMessage());
        } catch (Exception e) {
            missed.add(new Missed(fault, e.toString()));
            if (isAlone) {
                findings.add(fault + " could not strike: " + e);
            }
        }
    }

    private void awaitSigns() throws Exception {
        for (Strike strike : strikes) {
            for (Sign sign : strike.signs()) {
                try {
                    bed.patience(SIGN).until(sign.toString(), Bed.LOOK.multipliedBy(5), () -> bed.first(sign.part())
                            .reasons()
                            .contains(sign.code().name()));
                } catch (OutOfPatienceException e) {
                    findings.add("/ready of " + sign.part() + " has not told " + sign.code() + " within " + SIGN
                            + ", but " + bed.first(sign.part()).reasons());
                }
            }
        }
    }

    /** In any order; what cannot be healed while another one is in force is healed behind it. */
    private void heal() throws InterruptedException {
        Collections.shuffle(strikes, new Random(random.nextLong()));
        List<Strike> later = new ArrayList<>();
        for (Strike strike : strikes) {
            if (!isHealed(strike, strikes.size() == 1)) {
                later.add(strike);
            }
        }
        for (Strike strike : later) {
            if (strikes.size() > 1) {
                isHealed(strike, true);
            }
        }
        bed.mend();
    }

    private boolean isHealed(Strike strike, boolean isLastAttempt) throws InterruptedException {
        try {
            strike.healing().heal();
            return true;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            if (isLastAttempt) {
                findings.add("cannot be healed: " + e);
            }
            return false;
        }
    }
}
