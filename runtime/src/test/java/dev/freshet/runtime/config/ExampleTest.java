package dev.freshet.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** freshet.example.yaml against the code that reads it. */
class ExampleTest {
    /** What a deployment must name itself, or what differs between hosts: there is no default that could be shown. */
    private static final String WITHOUT_DEFAULT =
            ".*\\.(url|user|bootstrap\\.servers|state\\.dir|instance\\.id|tokens\\.file)";

    @TempDir
    Path directory;

    private Map<String, String> shown;

    @BeforeEach
    void read() throws IOException {
        shown = Example.everySetting(directory);
    }

    @Test
    void itShowsEverySettingAndNoOther() {
        Values values = asked();
        assertThat(generic(values, shown.keySet().stream()))
                .isEqualTo(generic(
                        values,
                        Stream.concat(
                                values.known().stream(),
                                values.sections().stream().map(section -> section + "."))));
    }

    @Test
    void noTwoSettingsShareAVariable() {
        assertThat(asked().known().stream().map(Values::variable)).doesNotHaveDuplicates();
    }

    @Test
    void itShowsTheDefaults() {
        Map<String, String> usable = Example.usable(shown);
        Map<String, String> least = usable.entrySet().stream()
                .filter(entry -> entry.getKey().matches(WITHOUT_DEFAULT))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        FreshetConfig defaults = FreshetConfig.of(least);
        usable.keySet().removeAll(Set.of("source.orders.columns.total", "source.orders.scale.total"));
        assertThat(FreshetConfig.of(usable)).isEqualTo(defaults);
    }

    /** Else the comparison of defaults would not see them. */
    @Test
    void everySettingMakesADifference() {
        Map<String, String> usable = Example.usable(shown);
        FreshetConfig example = FreshetConfig.of(usable);
        for (Map.Entry<String, String> other : Example.OTHER_VALUES.entrySet()) {
            assertThat(Example.config(usable, Map.of(other.getKey(), other.getValue())))
                    .as(other.getKey())
                    .isNotEqualTo(example);
        }
    }

    @Test
    void asItIsItLacksOnlyTheFilesWithThePasswords() throws IOException {
        Path copy = directory.resolve("freshet.yaml");
        Files.copy(Example.FILE, copy);
        assertThat(ConfigFiles.faults(copy, Map.of()))
                .allMatch(fault -> fault.contains("password.file = '/run/secrets/"))
                .hasSize(2);
    }

    /** After the example was read: it gives passwords in both ways, which is a fault, but one that is told at the end. */
    private Values asked() {
        Faults faults = new Faults();
        Values values = new Values(shown, Map.of(), faults);
        assertThatThrownBy(() -> new ConfigReader(values, faults).config("", List.of()))
                .isInstanceOf(ConfigException.class);
        return values;
    }

    /** Features are as many as one likes, and in some sections keys are what one likes. */
    private static Set<String> generic(Values values, Stream<String> keys) {
        return keys.map(key -> key.replaceFirst("^features\\.\\d+", "features.N"))
                .filter(key -> !key.equals("features"))
                .map(key -> values.sections().stream()
                        .filter(section -> key.startsWith(section + "."))
                        .findFirst()
                        .orElse(key))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
