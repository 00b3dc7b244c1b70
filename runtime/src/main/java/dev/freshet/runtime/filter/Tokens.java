package dev.freshet.runtime.filter;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts a filter into words, and refuses whatever PostgreSQL might read in another way. */
final class Tokens {
    private static final Set<String> KEYWORDS = Set.of("AND", "OR", "NOT", "IN", "IS", "NULL", "TRUE", "FALSE");
    private static final Pattern TOKEN = Pattern.compile("(?<space>[ \\t\\r\\n]+)"
            + "|(?<word>[A-Za-z_][A-Za-z0-9_]*)"
            + "|\"(?<quoted>(?:[^\"]|\"\")++)\""
            + "|'(?<string>(?:[^']|'')*+)'"
            + "|(?<number>-?[0-9]+)(?![A-Za-z0-9_.])"
            + "|(?<sign><>|=|\\(|\\)|,)");

    private Tokens() {}

    /** With {@link Token.Kind#END} as the last. */
    static List<Token> of(String text) {
        // In a string a backslash may be an escape, and a dollar sign end the body of a function.
        for (char misread : new char[] {'\\', '$', '\0'}) {
            if (text.indexOf(misread) >= 0) {
                throw new FilterSyntaxException("'" + misread + "' may stand nowhere in it");
            }
        }
        List<Token> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(text);
        int at = 0;
        while (at < text.length()) {
            if (!matcher.region(at, text.length()).lookingAt()) {
                throw new FilterSyntaxException(
                        "at " + (at + 1) + ", " + rest(text, at) + " is not understood; " + FilterParser.GRAMMAR);
            }
            if (matcher.group("space") == null) {
                tokens.add(token(matcher, at + 1));
            }
            at = matcher.end();
        }
        tokens.add(new Token(Token.Kind.END, "", at + 1));
        return tokens;
    }

    private static String rest(String text, int at) {
        return text.substring(at, Math.min(text.length(), at + 12));
    }

    private static Token token(Matcher matcher, int position) {
        if (matcher.group("word") != null) {
            return word(matcher.group("word"), position);
        }
        if (matcher.group("quoted") != null) {
            return new Token(Token.Kind.NAME, matcher.group("quoted").replace("\"\"", "\""), position);
        }
        if (matcher.group("string") != null) {
            return new Token(Token.Kind.STRING, matcher.group("string").replace("''", "'"), position);
        }
        if (matcher.group("number") != null) {
            return new Token(Token.Kind.NUMBER, new BigInteger(matcher.group("number")).toString(), position);
        }
        return new Token(Token.Kind.SIGN, matcher.group("sign"), position);
    }

    private static Token word(String word, int position) {
        String upper = word.toUpperCase(Locale.ROOT);
        if (KEYWORDS.contains(upper)) {
            return new Token(Token.Kind.KEYWORD, upper, position);
        }
        String name = word.toLowerCase(Locale.ROOT);
        if (SqlWords.contains(name)) {
            throw new FilterSyntaxException(word + " at " + position
                    + " is a word of SQL: if it is a column, write it in double quotes; " + FilterParser.GRAMMAR);
        }
        return new Token(Token.Kind.NAME, name, position);
    }
}
