package dev.freshet.runtime.filter;

/**
 * A word of a filter.
 *
 * @param text of names as PostgreSQL stores them, of strings without quotes, of keywords in capitals
 * @param position of its first character, from 1 on
 */
record Token(Kind kind, String text, int position) {
    enum Kind {
        NAME,
        KEYWORD,
        STRING,
        NUMBER,
        SIGN,
        END
    }

    boolean is(Kind expected, String expectedText) {
        return kind == expected && text.equals(expectedText);
    }

    @Override
    public String toString() {
        return kind == Kind.END ? "the end" : "\"" + text + "\" at " + position;
    }
}
