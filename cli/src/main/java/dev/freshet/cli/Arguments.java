package dev.freshet.cli;

import java.util.Optional;
import java.util.regex.Pattern;

/** What an argument must not be, whatever the command: asked before anything of it is repeated or done. */
final class Arguments {
    /** What Java makes of bytes that are no text in the locale's encoding. */
    private static final char UNREADABLE = '\uFFFD';

    private static final Pattern NAMES_SECRET = Pattern.compile("(?i)-{1,2}[\\w.-]*(password|passwd|secret|token).*");
    private static final Pattern HOLDS_SECRET = Pattern.compile("(?i).*(//[^@]*:[^@]*@|[?&]\\w*password=).*");

    private Arguments() {}

    /** Why they cannot be used; empty if they can. */
    static Optional<String> fault(String... arguments) {
        for (int i = 0; i < arguments.length; i++) {
            String argument = arguments[i];
            if (NAMES_SECRET.matcher(argument).matches()
                    || HOLDS_SECRET.matcher(argument).matches()) {
                return Optional.of(
                        "argument " + (i + 1) + " holds or announces a password, and every user of this machine"
                                + " can read it: set FRESHET_SOURCE_PASSWORD or source.password.file");
            }
            if (argument.indexOf(UNREADABLE) >= 0) {
                return Optional.of("argument " + (i + 1) + " holds bytes that are no text in this locale: write it in"
                        + " UTF-8, and set LC_ALL=C.UTF-8 if it is");
            }
            if (argument.chars().anyMatch(Character::isISOControl)) {
                return Optional.of("argument " + (i + 1) + " holds a control character");
            }
        }
        return Optional.empty();
    }
}
