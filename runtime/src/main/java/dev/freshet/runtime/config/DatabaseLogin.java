package dev.freshet.runtime.config;

import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * How to log in to a PostgreSQL database.
 *
 * @param url {@code jdbc:postgresql://host:port/database}, with the driver's parameters if need be; none of
 *     them a password or one that a promise rests on
 * @param password may be absent: certificates and .pgpass work without
 */
public record DatabaseLogin(String url, String user, Secret password) {
    private static final Pattern PASSWORD = Pattern.compile("(?i)[?&](password|sslpassword)=|//[^@?]*:[^@]*@");
    private static final Pattern HOST =
            Pattern.compile("jdbc:postgresql://(\\[[^]]*]|[^:/?,]+)(?::(\\d+))?/[^/?]+(\\?.*)?");
    private static final Pattern SUSPICIOUS = Pattern.compile("(?i)@|pass|secret");
    private static final String FORM = "write jdbc:postgresql://host:port/database";

    /** What is wrong with them, under the keys below the prefix. */
    static void check(Faults faults, String prefix, DatabaseLogin login) {
        String url = prefix + ".url";
        String shown = SUSPICIOUS.matcher(login.url).find() ? null : login.url;
        Matcher host = HOST.matcher(login.url);
        // It is not given to the driver before: that logs what it does not understand.
        if (PASSWORD.matcher(login.url).find()) {
            String elsewhere = prefix + ".password or " + prefix + ".password.file";
            faults.add(url, null, "holds a password, and URLs end up in logs: move it to " + elsewhere);
        } else if (!host.matches()) {
            faults.add(url, shown, FORM);
        } else if (host.group(2) != null && !Ranges.isPort(host.group(2))) {
            faults.add(url, shown, FORM + " with a port from 1 to 65535");
        } else {
            checkParameters(faults, url, shown, login.url);
        }
        faults.require(!login.user.isBlank(), prefix + ".user", null, "is missing: name the role to log in as");
    }

    private static void checkParameters(Faults faults, String key, @Nullable String shown, String url) {
        UrlParameters parameters = new UrlParameters(faults, key);
        Properties parsed = parse(parameters.checkNames(url));
        if (parsed == null) {
            faults.add(key, shown, FORM);
        } else {
            parameters.checkValues(parsed);
        }
    }

    public String host() {
        return part(PGProperty.PG_HOST);
    }

    public int port() {
        return Integer.parseInt(part(PGProperty.PG_PORT));
    }

    /** The database's name. */
    public String database() {
        return part(PGProperty.PG_DBNAME);
    }

    private String part(PGProperty property) {
        Properties parsed = parse(url);
        String value = parsed == null ? null : property.getOrDefault(parsed);
        if (value == null) {
            throw new IllegalStateException("no " + property.getName() + " in " + url);
        }
        return value;
    }

    private static @Nullable Properties parse(String url) {
        return Driver.parseURL(url, null);
    }

    @Override
    public String toString() {
        return user + "@" + url;
    }
}
