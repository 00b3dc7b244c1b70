package dev.freshet.serving.export;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The names in the first line of a CSV file, as RFC 4180 quotes them. */
final class CsvHeader {
    private final List<String> names = new ArrayList<>();
    private final StringBuilder name = new StringBuilder();
    private boolean quoted;

    private CsvHeader() {}

    /** @throws ExportRefusedException if the first line is none */
    static List<String> read(Path copy, Path labels) throws IOException {
        CsvHeader header = new CsvHeader();
        try (BufferedReader in = Files.newBufferedReader(copy, StandardCharsets.UTF_8)) {
            String line = in.readLine();
            if (line == null || line.isBlank()) {
                throw new ExportRefusedException(
                        "--labels " + labels + ": line 1 is blank: it has to name the columns");
            }
            header.parse(line);
        }
        if (header.quoted) {
            throw new ExportRefusedException(
                    "--labels " + labels + ": line 1 has a quote that does not end: names of columns are one line");
        }
        return header.names;
    }

    private void parse(String line) {
        for (int i = 0; i < line.length(); i++) {
            char one = line.charAt(i);
            boolean isDouble = quoted && one == '"' && i + 1 < line.length() && line.charAt(i + 1) == '"';
            if (isDouble) {
                name.append(one);
                i++;
            } else if (one == '"') {
                quoted = !quoted;
            } else if (one == ',' && !quoted) {
                end();
            } else {
                name.append(one);
            }
        }
        end();
    }

    private void end() {
        names.add(name.toString());
        name.setLength(0);
    }
}
