package dev.freshet.streams.core;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** What a random history is made of, and how many of 1,000 operations are of each kind. */
enum Operation {
    INSERT_ORDER(175),
    UPDATE_TOTAL(70),
    UPDATE_CREATED_AT(80),
    UPDATE_USER_ID(60),
    UPDATE_ID(40),
    UPDATE_ALL_COLUMNS(15),
    DELETE_ORDER(85),
    DELETE_AND_REINSERT_ONE_ID(40),
    MOVE_THERE_AND_BACK(10),
    INSERT_USER(45),
    DELETE_USER_ALONE(10),
    DELETE_USER_WITH_ORDERS(14),
    DELETE_AND_REINSERT_USER(10),
    UNUSABLE_ORDER(25),
    UNUSABLE_USER(5),
    HEAL(30),
    BULK_INSERT_INTO_ONE_USER(10),
    DRAIN_ONE_USER(8),
    SEVERAL_IN_ONE_TRANSACTION(20),
    TRUNCATE_ORDERS(1),
    TRUNCATE_USERS_CASCADE(1),
    TRUNCATE_USERS_ALONE(1),
    TRUNCATE_AND_REFILL(1),
    REPAIR_USER(15),
    ERASE_USER(10),
    RESEND_SUFFIX(40),
    TIME_PASSES(70),
    TIME_STANDS(9),
    TIME_TO_JUST_BEFORE_AN_EDGE(35),
    TIME_TO_AN_EDGE(35),
    TIME_TO_JUST_AFTER_AN_EDGE(35),
    TIME_JUMPS(10);

    private static final Operation[] ALL = values();
    private static final int SUM =
            Arrays.stream(ALL).mapToInt(kind -> kind.weight).sum();

    private final int weight;

    Operation(int weight) {
        this.weight = weight;
    }

    static Operation pick(SplittableRandom random) {
        int rest = random.nextInt(SUM);
        for (Operation kind : ALL) {
            rest -= kind.weight;
            if (rest < 0) {
                return kind;
            }
        }
        throw new IllegalStateException("weights do not add up to " + SUM);
    }

    static String mix() {
        return Arrays.stream(ALL)
                .map(kind -> kind.weight + " " + kind)
                .collect(Collectors.joining(", ", "of " + SUM + " operations: ", ""));
    }
}
