package dev.freshet.serving.http;

import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.serving.auth.Holder;
import dev.freshet.serving.auth.Scope;
import dev.freshet.serving.auth.Tokens;

/** Who may ask for what. Where there are tokens, nobody without one gets further than health. */
final class Access {
    private static final Logger audit = LoggerFactory.getLogger("dev.freshet.serving.audit");
    private static final String SCHEME = "Bearer ";

    private final @Nullable Tokens tokens;

    /** @param tokens null if nobody is asked for one */
    Access(@Nullable Tokens tokens) {
        this.tokens = tokens;
    }

    /** @throws Refusal that says the same whatever is wrong with a token */
    void check(Request request, Route route, String requestId) throws Refusal {
        Scope needed = route.scope();
        if (tokens == null || needed == null) {
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

    /** The one that is sent; no token, which nobody has, if there is none or more than one. */
    private static String token(Request request) {
        List<HttpField> fields = request.getHeaders().getFields(HttpHeader.AUTHORIZATION);
        String value = fields.size() == 1 ? String.valueOf(fields.get(0).getValue()) : "";
        return value.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? value.substring(SCHEME.length()).strip()
                : "";
    }
}
