package dev.freshet.runtime.config;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Environment variables that look like settings and are none: each is probably a setting that somebody misspelt. */
final class StrayVariables {
    /** What the launcher and the check of the deployment are told this way. */
    private static final Set<String> OTHERS =
            Set.of("FRESHET_JAVA_OPTS", "FRESHET_MAVEN_OPTS", "FRESHET_COLUMNS", "FRESHET_DOCKER");

    /** What Kubernetes sets for a service that is called freshet-something. */
    private static final Pattern SERVICE_LINK = Pattern.compile(
            ".*_SERVICE_HOST|.*_SERVICE_PORT(_.*)?|.*_PORT(_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?");

    private StrayVariables() {}

    /**
     * A line for each.
     *
     * @param unused variables that nothing was read from
     * @param known variables that something would be read from
     */
    static List<String> among(Collection<String> unused, Collection<String> known) {
        return new TreeSet<>(unused)
                .stream()
                        .filter(name -> !OTHERS.contains(name)
                                && !SERVICE_LINK.matcher(name).matches())
                        .map(name -> name + " in the environment sets nothing"
                                + Nearest.to(
                                                rest(name),
                                                known.stream()
                                                        .map(StrayVariables::rest)
                                                        .toList())
                                        .map(near -> ": did you mean " + Values.ENVIRONMENT + near + "?")
                                        .orElse(""))
                        .toList();
    }

    /** Two names are not near for what all have in common. */
    private static String rest(String name) {
        return name.substring(Values.ENVIRONMENT.length());
    }
}
