package dev.freshet.runtime.config;

/** Keys of the registry's client that are not the operator's to set. */
final class RegistryKeys {
    static final ReservedKeys RESERVED = new ReservedKeys()
            .because("it is schema.registry.url", "schema.registry.url")
            .because("a schema that is missing is asked for again until it is there", "missing.*")
            .because(
                    "schemas, their subjects and their versions are Freshet's own",
                    "auto.register.schemas",
                    "use.latest.version",
                    "use.schema.id",
                    "normalize.schemas",
                    "id.compatibility.strict",
                    "latest.compatibility.strict",
                    "key.subject.name.strategy",
                    "value.subject.name.strategy");

    private RegistryKeys() {}
}
