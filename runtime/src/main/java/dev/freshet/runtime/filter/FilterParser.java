package dev.freshet.runtime.filter;

import java.util.ArrayList;
import java.util.List;

/** Reads the grammar of {@link RowFilter}, by recursive descent. */
final class FilterParser {
    static final String GRAMMAR =
            "write comparisons of columns with literals (=, <>, IN, NOT IN, IS NULL, IS NOT NULL), joined by"
                    + " AND, OR, NOT and parentheses";

    /** Bounds the depth to which it can be nested. */
    private static final int MAX_LENGTH = 2_000;

    private final List<Token> tokens;
    private int next;

    FilterParser(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new FilterSyntaxException("is longer than " + MAX_LENGTH + " characters");
        }
        tokens = Tokens.of(text);
    }

    Condition condition() {
        Condition condition = or();
        if (peek().kind() != Token.Kind.END) {
            throw unexpected();
        }
        return condition;
    }

    private Condition or() {
        Condition condition = and();
        while (takesKeyword("OR")) {
            condition = new Condition.Or(condition, and());
        }
        return condition;
    }

    private Condition and() {
        Condition condition = not();
        while (takesKeyword("AND")) {
            condition = new Condition.And(condition, not());
        }
        return condition;
    }

    private Condition not() {
        if (takesKeyword("NOT")) {
            return new Condition.Not(not());
        }
        if (takesSign("(")) {
            Condition condition = or();
            expectSign(")");
            return condition;
        }
        return test();
    }

    private Condition test() {
        if (peek().kind() != Token.Kind.NAME) {
            throw unexpected();
        }
        String column = tokens.get(next++).text();
        if (takesSign("=")) {
            return new Condition.In(column, List.of(literal()));
        }
        if (takesSign("<>")) {
            return new Condition.Not(new Condition.In(column, List.of(literal())));
        }
        if (takesKeyword("IS")) {
            boolean negated = takesKeyword("NOT");
            expectKeyword("NULL");
            return negated(negated, new Condition.IsNull(column));
        }
        boolean negated = takesKeyword("NOT");
        expectKeyword("IN");
        return negated(negated, new Condition.In(column, list()));
    }

    private static Condition negated(boolean negated, Condition condition) {
        return negated ? new Condition.Not(condition) : condition;
    }

    private List<Literal> list() {
        expectSign("(");
        List<Literal> list = new ArrayList<>();
        do {
            list.add(literal());
        } while (takesSign(","));
        expectSign(")");
        return list;
    }

    private Literal literal() {
        Token token = peek();
        Literal literal;
        if (token.kind() == Token.Kind.STRING) {
            literal = new Literal(Literal.Kind.STRING, token.text());
        } else if (token.kind() == Token.Kind.NUMBER) {
            literal = new Literal(Literal.Kind.NUMBER, token.text());
        } else if (token.is(Token.Kind.KEYWORD, "TRUE") || token.is(Token.Kind.KEYWORD, "FALSE")) {
            literal = new Literal(Literal.Kind.BOOLEAN, token.is(Token.Kind.KEYWORD, "TRUE") ? "true" : "false");
        } else {
            throw unexpected();
        }
        next++;
        return literal;
    }

    private Token peek() {
        return tokens.get(next);
    }

    private boolean takesKeyword(String keyword) {
        return takes(Token.Kind.KEYWORD, keyword);
    }

    private boolean takesSign(String sign) {
        return takes(Token.Kind.SIGN, sign);
    }

    private boolean takes(Token.Kind kind, String text) {
        boolean taken = peek().is(kind, text);
        next += taken ? 1 : 0;
        return taken;
    }

    private void expectKeyword(String keyword) {
        if (!takesKeyword(keyword)) {
            throw unexpected();
        }
    }

    private void expectSign(String sign) {
        if (!takesSign(sign)) {
            throw unexpected();
        }
    }

    private FilterSyntaxException unexpected() {
        return new FilterSyntaxException(peek() + " is not understood; " + GRAMMAR);
    }
}
