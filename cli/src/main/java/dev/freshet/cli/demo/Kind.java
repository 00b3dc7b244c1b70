package dev.freshet.cli.demo;

import java.util.SplittableRandom;

/** What the demo's traffic does to the shop. The shares add up to 100 and keep the shop at about its size. */
enum Kind {
    INSERT_ORDER(30, "orders"),
    /** Dated some seconds ahead: it counts when its time comes, with no further event. */
    INSERT_FUTURE_ORDER(3, "orders of the next seconds"),
    /** As old as a window but for some seconds: a count falls soon, with no further event. */
    INSERT_LEAVING_ORDER(5, "orders about to leave a window"),
    EDIT_TOTAL(22, "edited totals"),
    EDIT_DATE(12, "edited dates"),
    MOVE_ORDER(12, "moved orders"),
    DELETE_ORDER(12, "deleted orders"),
    INSERT_USER(2, "new users"),
    /** With all orders: the schema asks for it. */
    DELETE_USER(2, "deleted users");

    private static final int ALL = 100;

    private final int percent;
    private final String text;

    Kind(int percent, String text) {
        this.percent = percent;
        this.text = text;
    }

    int percent() {
        return percent;
    }

    /** In the plural, for people. */
    String text() {
        return text;
    }

    static Kind next(SplittableRandom random) {
        int drawn = random.nextInt(ALL);
        for (Kind kind : values()) {
            drawn -= kind.percent;
            if (drawn < 0) {
                return kind;
            }
        }
        throw new IllegalStateException("the shares add up to less than " + ALL);
    }

    /** All with their shares, in one line. */
    static String mix() {
        StringBuilder mix = new StringBuilder();
        for (Kind kind : values()) {
            mix.append(mix.length() == 0 ? "" : ", ")
                    .append(kind.percent)
                    .append("% ")
                    .append(kind.text);
        }
        return mix.toString();
    }
}
