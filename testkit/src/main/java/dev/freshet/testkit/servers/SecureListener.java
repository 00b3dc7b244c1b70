package dev.freshet.testkit.servers;

import java.util.Properties;

/** A broker's listener with TLS, SCRAM-SHA-512 and ACLs. */
record SecureListener(int port, ServerCertificate certificate) {
    private static final String NAME = "SECURE";
    private static final String PREFIX = "listener.name.secure.";

    String address() {
        return Loopback.HOST + ":" + port;
    }

    /** To those of a broker that has listeners already. */
    void addTo(Properties properties) {
        append(properties, "listeners", NAME + "://" + address());
        append(properties, "advertised.listeners", NAME + "://" + address());
        append(properties, "listener.security.protocol.map", NAME + ":SASL_SSL");
        properties.put(PREFIX + "ssl.keystore.type", "PKCS12");
        properties.put(PREFIX + "ssl.keystore.location", certificate.keyStore().toString());
        properties.put(PREFIX + "ssl.keystore.password", certificate.password());
        properties.put(PREFIX + "ssl.key.password", certificate.password());
        properties.put(PREFIX + "sasl.enabled.mechanisms", "SCRAM-SHA-512");
        properties.put(
                PREFIX + "scram-sha-512.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;");
        properties.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        properties.put("super.users", "User:ANONYMOUS");
    }

    private static void append(Properties properties, String key, String value) {
        properties.put(key, properties.getProperty(key) + "," + value);
    }
}
