package dev.freshet.runtime.config;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;
import org.postgresql.jdbc.SslMode;
import org.postgresql.ssl.LibPQFactory;

/**
 * The parameters of a database's URL. What they say goes before what Freshet tells the driver, and those of the source reach Debezium
 * too: so only what no promise rests on may stand there.
 */
final class UrlParameters {
    private static final Set<String> HARMLESS = Set.of(
            // TLS
            "ssl",
            "sslmode",
            "sslNegotiation",
            "sslrootcert",
            "sslcert",
            "sslkey",
            "sslfactory",
            "sslfactoryarg",
            "sslhostnameverifier",
            "sslpasswordcallback",
            "sslResponseTimeout",
            "pemKeyAlgorithm",
            // Who we are, and how the server may ask for it.
            "authenticationPluginClassName",
            "channelBinding",
            "requireAuth",
            "scramMaxIterations",
            "gssEncMode",
            "gsslib",
            "gssResponseTimeout",
            "gssUseDefaultCreds",
            "jaasApplicationName",
            "jaasLogin",
            "kerberosServerName",
            "sspiServiceClass",
            "useSpnego",
            // The network.
            "connectTimeout",
            "loginTimeout",
            "cancelSignalTimeout",
            "localSocketAddress",
            "socketFactory",
            "socketFactoryArg",
            "tcpKeepAlive",
            "tcpNoDelay",
            "receiveBufferSize",
            "sendBufferSize",
            "maxSendBufferSize",
            "prepareThreshold",
            "preparedStatementCacheQueries",
            "preparedStatementCacheSizeMiB",
            "loggerFile",
            "loggerLevel",
            "logServerErrorDetail",
            "logUnclosedConnections");

    private static final String ADDRESS = "the address is what stands before the ?";
    private static final String GONE = "by it Freshet tells that a server is gone";
    private static final String PRIMARY = "Freshet writes, and needs the primary";
    private static final String DEFAULTS = "Freshet's statements and Debezium's rest on the driver's default";

    private static final ReservedKeys RESERVED = new ReservedKeys()
            // All that the driver knows; of some there is more to say.
            .because(
                    DEFAULTS,
                    Stream.of(PGProperty.values()).map(PGProperty::getName).toArray(String[]::new))
            .because(ADDRESS, "PGHOST", "PGPORT", "PGDBNAME", "host", "port", "dbname", "service")
            .because("it is source.user or target.user", "user")
            .because("it is source.schema or target.schema", "currentSchema")
            .because("Freshet's own bound how long a statement, a lock and an open transaction last", "options")
            .because(GONE, "socketTimeout", "queryTimeout")
            .because("each process is told by it", "ApplicationName")
            .because(PRIMARY, "readOnly", "readOnlyMode", "targetServerType", "loadBalanceHosts", "hostRecheckSeconds")
            .because("a transaction that fails in part has to fail as a whole", "autosave", "cleanupSavepoints")
            .because(
                    "the driver then does not tell how many rows were written",
                    "reWriteBatchedInserts",
                    "reWriteBatchedInsertsSize")
            .because("a statement of yours can change what Freshet reads", "initial.statements");

    private static final List<String> FILES = List.of("sslrootcert", "sslcert", "sslkey");

    private final Faults faults;
    private final String prefix;

    /** @param key of the URL */
    UrlParameters(Faults faults, String key) {
        this.faults = faults;
        prefix = key + "?";
    }

    /**
     * A fault for each that may not be set or that the driver does not know.
     *
     * @return the URL without these
     */
    String checkNames(String url) {
        int query = url.indexOf('?');
        if (query < 0) {
            return url;
        }
        List<String> kept = new ArrayList<>();
        for (String parameter : url.substring(query + 1).split("&")) {
            String[] parts = parameter.split("=", 2);
            if (HARMLESS.contains(parts[0])) {
                kept.add(parameter);
            } else if (!parts[0].isEmpty()) {
                RESERVED.reason(parts[0])
                        .ifPresentOrElse(
                                reason -> add(parts[0], parts.length == 2 ? parts[1] : null, "remove it: " + reason),
                                () -> add(parts[0], null, unknown(parts[0])));
            }
        }
        return url.substring(0, query + 1) + String.join("&", kept);
    }

    private static String unknown(String name) {
        return "is not known to PostgreSQL's driver: "
                + Nearest.to(name, HARMLESS)
                        .map(near -> "did you mean " + near + "?")
                        .orElse("remove it");
    }

    /**
     * A fault for each value that the driver would not take: to whoever connects, that looks like a server that is away.
     *
     * @param url as the driver reads it, without those that it may not be told
     */
    void checkValues(Properties url) {
        for (PGProperty property : PGProperty.values()) {
            String name = property.getName();
            String value = url.getProperty(name);
            if (value != null && HARMLESS.contains(name)) {
                checkValue(property, name, value);
            }
        }
        checkTrust(url);
    }

    private void checkValue(PGProperty property, String name, String value) {
        String[] choices = property.getChoices();
        String standard = String.valueOf(property.getDefaultValue());
        if (FILES.contains(name)) {
            require(NamedFiles.isReadable(value), name, value, NamedFiles.CURE);
        } else if (property == PGProperty.SSL || standard.equals("true") || standard.equals("false")) {
            // Whatever else stands there would be false without a word, and ssl=yes no TLS.
            require(
                    value.matches("(?i)true|false") || (value.isEmpty() && property == PGProperty.SSL),
                    name,
                    value,
                    "write true or false");
        } else if (standard.matches("-?\\d+")) {
            require(value.matches("-?\\d{1,9}"), name, value, "write a whole number");
        } else if (choices != null && property != PGProperty.REQUIRE_AUTH) {
            require(
                    Stream.of(choices).anyMatch(value::equalsIgnoreCase),
                    name,
                    value,
                    "write one of " + Arrays.stream(choices).collect(Collectors.joining(", ")));
        }
    }

    /** Whether there are certificates to hold the server's against, where it has to have one that is known. */
    private void checkTrust(Properties url) {
        String file = PGProperty.SSL_ROOT_CERT.getOrNull(url);
        if (!verifies(url)
                || PGProperty.SSL_FACTORY.getOrNull(url) != null
                || (file != null && !NamedFiles.isReadable(file))) {
            return;
        }
        Properties trust = new Properties();
        trust.putAll(url);
        // Asking for its password would be asking whoever started us.
        Map.of(PGProperty.SSL_KEY, "none.pk8", PGProperty.SSL_CERT, "none.crt")
                .forEach((property, none) -> property.set(trust, none));
        try {
            new LibPQFactory(trust);
        } catch (SQLException e) {
            add(
                    "sslrootcert",
                    file,
                    file == null
                            ? "is missing: name the file with the certificate of who signed the server's"
                            : "is no file of certificates: name one that holds them in PEM");
        }
    }

    private static boolean verifies(Properties url) {
        try {
            return SslMode.of(url).verifyCertificate();
        } catch (SQLException e) {
            return false; // a fault of its own
        }
    }

    private void require(boolean right, String name, String value, String cure) {
        if (!right) {
            add(name, value, cure);
        }
    }

    private void add(String name, @Nullable String value, String cure) {
        faults.add(prefix + name, value, cure);
    }
}
