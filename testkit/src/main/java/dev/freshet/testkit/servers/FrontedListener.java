package dev.freshet.testkit.servers;

import java.util.Properties;

/**
 * A broker's listener whose clients come through something else: whoever asks there for the broker is told that other port, which is what
 * keeps all of its connections on that way.
 *
 * @param name in capitals
 * @param port where the broker listens
 * @param frontPort where clients are to go
 */
record FrontedListener(String name, int port, int frontPort) {
    static FrontedListener of(String name, KafkaServer.Front front) {
        int port = Loopback.portOrFree(0);
        return new FrontedListener(name, port, front.portBefore(name, port));
    }

    String address() {
        return Loopback.HOST + ":" + frontPort;
    }

    /** To those of a broker that has listeners already. */
    void addTo(Properties properties) {
        append(properties, "listeners", name + "://" + Loopback.HOST + ":" + port);
        append(properties, "advertised.listeners", name + "://" + address());
        append(properties, "listener.security.protocol.map", name + ":PLAINTEXT");
    }

    private static void append(Properties properties, String key, String value) {
        properties.put(key, properties.getProperty(key) + "," + value);
    }
}
