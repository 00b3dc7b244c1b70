package dev.freshet.runtime.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.ServiceConfigurationError;

import dev.freshet.runtime.config.LibraryCheck;
import dev.freshet.schemas.avro.RegistryClients;

/** Whether the registry's client would start, and find the credentials that it is told of. Connects to nothing. */
public final class RegistryCheck {
    private RegistryCheck() {}

    public static LibraryCheck check() {
        return new LibraryCheck(
                "schema.registry.properties",
                properties -> LibraryCheck.attempt("the registry's client", properties, RegistryCheck::open));
    }

    private static void open(Map<String, String> properties) {
        try {
            RegistryClients.open("http://localhost", properties).close();
        } catch (ServiceConfigurationError e) {
            // Of some bearers the client lacks a library, and it finds that when it looks for one that it does not
            // know.
            throw new IllegalArgumentException("there is no such bearer.auth.credentials.source");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
