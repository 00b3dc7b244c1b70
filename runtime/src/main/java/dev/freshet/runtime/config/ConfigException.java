package dev.freshet.runtime.config;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Everything that is wrong with a configuration, at once. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient List<Fault> faults;

    ConfigException(String origin, List<Fault> faults, List<String> hints) {
        super(Stream.concat(faults.stream().map(Fault::toString), hints.stream())
                .map(line -> "\n  " + line)
                .collect(Collectors.joining("", "the configuration" + origin + " cannot be used:", "")));
        this.faults = List.copyOf(faults);
    }

    /** Faults found by whoever knows more of some settings than their form. */
    public ConfigException(List<Fault> faults) {
        this("", faults, List.of());
    }

    /** One fault found by whoever needs a setting that others do without. */
    public ConfigException(Fault fault) {
        this("", List.of(fault), List.of());
    }

    public List<Fault> faults() {
        return faults;
    }
}
