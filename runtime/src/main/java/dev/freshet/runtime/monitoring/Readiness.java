package dev.freshet.runtime.monitoring;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What the parts of a process, and the servers that they need, say together. */
record Readiness(List<Monitored> parts, List<ServerWatch> servers) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Why it is not ready; empty if it is. */
    List<Reason> reasons() {
        Set<Reason> reasons = new LinkedHashSet<>();
        servers.forEach(server -> server.trouble().ifPresent(reasons::add));
        parts.forEach(part -> reasons.addAll(part.reasons()));
        return List.copyOf(reasons);
    }

    static String json(List<Reason> reasons) {
        ObjectNode root = JSON.createObjectNode().put("ready", reasons.isEmpty());
        ArrayNode list = root.putArray("reasons");
        reasons.forEach(
                reason -> list.addObject().put("code", reason.code().name()).put("text", reason.text()));
        return root + "\n";
    }
}
