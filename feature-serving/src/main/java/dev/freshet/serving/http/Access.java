package dev.freshet.serving.http;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.serving.auth.Holder;
import dev.freshet.serving.auth.Scope;
import dev.freshet.serving.auth.TokenWatch;

/** Who may ask for what. Where there are tokens, nobody without one gets further than health. */
final class Access {
    private static final Logger audit = LoggerFactory.getLogger("dev.freshet.serving.audit");
    private static final String SCHEME = "Bearer ";
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|.*:.*");

    private final @Nullable TokenWatch tokens;
    private final String host;

    /**
     * @param tokens null if nobody is asked for one
     * @param host that it listens on
     */
    Access(@Nullable TokenWatch tokens, String host) {
        this.tokens = tokens;
        this.host = host;
    }

    /** @throws Refusal that says the same whatever is wrong with a token */
    void check(Request request, Route route, String requestId) throws Refusal {
        Scope needed = route.scope();
        if (needed == null) {
            return;
        }
        if (tokens == null) {
            requireOwnName(request);
            return;
        }
        Optional<Holder> holder = tokens.holder(token(request));
        if (holder.isEmpty()) {
            throw new Refusal(Problem.UNAUTHORIZED, "send a token that this server knows: Authorization: Bearer TOKEN");
        }
        if (!holder.get().scope().includes(needed)) {
            audit.warn(
                    "refused holder=\"{}\" scope={} route={} request={}",
                    holder.get().label(),
                    holder.get().scope().text(),
                    route.label(),
                    requestId);
            throw new Refusal(Problem.FORBIDDEN, "this takes a token of scope " + needed.text());
        }
    }

    /**
     * A browser on this machine asks, for a page of somebody's whose name leads to this machine, and takes the answer for that page's own.
     * It cannot help naming the page's host.
     *
     * @see <a href="https://en.wikipedia.org/wiki/DNS_rebinding">DNS rebinding</a>
     */
    private void requireOwnName(Request request) throws Refusal {
        String name = Request.getServerName(request);
        if (name != null
                && !name.equalsIgnoreCase("localhost")
                && !name.equalsIgnoreCase(host)
                && !ADDRESS.matcher(name).matches()) {
            throw Refusal.bad(
                    "the header Host names another one: without tokens it has to be an address, or localhost");
        }
    }

    /** The one that is sent; no token, which nobody has, if there is none or more than one. */
    private static String token(Request request) {
        List<HttpField> fields = request.getHeaders().getFields(HttpHeader.AUTHORIZATION);
        String value = fields.size() == 1 ? String.valueOf(fields.get(0).getValue()) : "";
        return value.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? value.substring(SCHEME.length()).strip()
                : "";
    }
}
