package dev.freshet.runtime.config;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The host's name: stable over restarts, and distinct unless a host runs two instances. */
final class InstanceId {
    private InstanceId() {}

    static String ofThisHost() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "0";
        }
    }
}
