package dev.freshet.runtime.monitoring;

/** What a process needs and cannot start itself. */
public enum Server {
    SOURCE(Reason.Code.SOURCE_UNREACHABLE),
    TARGET(Reason.Code.TARGET_UNREACHABLE),
    KAFKA(Reason.Code.KAFKA_UNREACHABLE),
    REGISTRY(Reason.Code.REGISTRY_UNREACHABLE);

    private final Reason.Code unreachable;

    Server(Reason.Code unreachable) {
        this.unreachable = unreachable;
    }

    Reason.Code unreachable() {
        return unreachable;
    }
}
