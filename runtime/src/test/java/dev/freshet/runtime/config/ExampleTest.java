package dev.freshet.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ExampleTest {
    private static final Path EXAMPLE = Path.of("..", "freshet.example.yaml");

    @Test
    void itShowsTheDefaults() {
        Faults faults = new Faults();
        Map<String, String> shown = YamlTree.read(EXAMPLE, faults);
        faults.throwIfAny();
        shown.keySet().removeIf(key -> key.endsWith("password.file"));
        Map<String, String> least = shown.entrySet().stream()
                .filter(entry -> entry.getKey().matches(".*\\.(url|user|servers|state\\.dir|instance\\.id)"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        FreshetConfig defaults = FreshetConfig.of(least);
        shown.remove("source.orders.columns.total");
        shown.remove("source.orders.scale.total");
        assertThat(FreshetConfig.of(shown)).isEqualTo(defaults);
    }

    @Test
    void itShowsEveryKeyAndNoTwoKeysShareAVariable() {
        Faults faults = new Faults();
        Map<String, String> shown = YamlTree.read(EXAMPLE, faults);
        shown.keySet().removeIf(key -> key.endsWith("password.file"));
        Values values = new Values(shown, Map.of(), faults);
        new ConfigReader(values, faults).config("");
        Set<String> known = values.known();
        assertThat(known.stream().map(Values::variable)).doesNotHaveDuplicates();
        assertThat(known.stream().filter(key -> !key.contains("password")).filter(key -> !key.startsWith("features.")))
                .isSubsetOf(shown.keySet());
    }
}
