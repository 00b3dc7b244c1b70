package dev.freshet.cli;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Commands that a message tells to run: with the option that says on which system, as whoever reads it has said it. */
final class NamedCommands {
    private static final Pattern COMMAND = Pattern.compile("(?<!by )freshet (?:status|doctor|drift|reconcile|erase"
            + "|replay (?:start|status|diff|swap|rollback|drop)|deadletters (?:list|show|replay|drop))\\b"
            + "(?: (?:--(?!config|info)[a-z-]+|\\d+|N)\\b)*+(?! --(?:config|info))");
    private static final Pattern PLAIN = Pattern.compile("[\\w./@%+=:,-]+");

    private NamedCommands() {}

    /** @param commandLine that was run, with {@code --config} or {@code --info}; without, the text stays as it is */
    static String runnable(String text, CommandLine commandLine) {
        if (commandLine.getParseResult() == null) {
            return text;
        }
        for (String option : List.of("--config", "--info")) {
            OptionSpec matched = commandLine.getParseResult().matchedOption(option);
            if (matched != null && !matched.originalStringValues().isEmpty()) {
                String system = " " + option + " "
                        + quoted(matched.originalStringValues().get(0));
                return COMMAND.matcher(text).replaceAll(found -> Matcher.quoteReplacement(found.group() + system));
            }
        }
        return text;
    }

    /** As a shell takes it. */
    private static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
