package dev.freshet.cli.demo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.freshet.runtime.config.InfoFile;

/** What to try on a demo, in another terminal. */
final class NextCommands {
    private static final String PLAIN = "[\\w./@%+=:,-]+";

    private static final String STANDARD_DATA = "freshet-data";

    private final Optional<Path> info;
    private final String data;

    /**
     * @param info the file that says how to reach the demo
     * @param data where it keeps what it has
     */
    NextCommands(Optional<Path> info, Path data) {
        this.info = info;
        this.data = quoted(data);
    }

    /** @param user one that there is */
    List<String> whileItRuns(InfoFile doors, long user) {
        List<String> lines = new ArrayList<>();
        info.ifPresentOrElse(
                file -> {
                    String system = " --info " + quoted(file);
                    lines.add("try:   ./freshet explain --user " + user + system);
                    lines.add("       ./freshet reconcile" + system);
                    lines.addAll(export(user, system));
                },
                () -> lines.add("try:   start it with --info FILE, and ./freshet explain --user " + user
                        + " --info FILE shows the orders behind a row"));
        Object servingUrl = doors.more().get("servingUrl");
        if (servingUrl != null) {
            lines.add("       curl " + servingUrl + "/v1/users/" + user + "/features");
        }
        return lines;
    }

    /** Servers and file are gone by then. */
    List<String> atItsEnd(long user) {
        String file = info.map(NextCommands::quoted).orElse("freshet-info.json");
        String system = " --info " + file;
        List<String> lines = new ArrayList<>(List.of(
                "try:   # go on with this shop until Ctrl-C; the others then in another terminal",
                "       ./freshet demo" + system + (data.equals(STANDARD_DATA) ? "" : " --data-dir " + data),
                "       # the orders behind a row of features",
                "       ./freshet explain --user " + user + system,
                "       # build the table anew beside itself",
                "       ./freshet replay start --wait" + system));
        lines.addAll(export(user, system));
        lines.add("       # one user's features over HTTP: see SERVING.md");
        lines.add("       curl \"$(sed -n 's/.*\"servingUrl\" : \"\\(.*\\)\".*/\\1/p' " + file + ")/v1/users/" + user
                + "/features\"");
        return lines;
    }

    private static List<String> export(long user, String system) {
        return List.of(
                "       # training data of labels: see TRAINING.md",
                "       printf 'user_id,label_time\\n%s,%s\\n' " + user
                        + " \"$(date -u +%Y-%m-%dT%H:%M:%SZ)\" > labels.csv",
                "       ./freshet export --labels labels.csv --out train.csv --force" + system + " && cat train.csv");
    }

    /** As it is found from where the demo was started, and as a shell takes it. */
    private static String quoted(Path file) {
        Path here = Path.of("").toAbsolutePath();
        String name = (file.startsWith(here) ? here.relativize(file) : file).toString();
        return name.matches(PLAIN) ? name : "'" + name.replace("'", "'\\''") + "'";
    }
}
