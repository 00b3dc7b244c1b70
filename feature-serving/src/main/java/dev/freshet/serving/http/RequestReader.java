package dev.freshet.serving.http;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.URIUtil;

import dev.freshet.runtime.config.IdType;
import dev.freshet.schemas.Id;
import dev.freshet.serving.lookup.FeatureList;

/** Makes records of requests. A condition is taken from the body, else from the query, else from a header. */
final class RequestReader {
    private static final String FEATURES = "features";
    /** The header of each condition, as {@code Freshet-Max-Age-Ms}; names of headers are in any case. */
    private static final Map<String, String> HEADERS = Conditions.NAMES.stream()
            .collect(Collectors.toUnmodifiableMap(name -> name, name -> "Freshet-" + name.replace('_', '-')));

    private final FeatureList features;
    private final IdType idType;

    RequestReader(FeatureList features, IdType idType) {
        this.features = features;
        this.idType = idType;
    }

    /** {@code GET /v1/users/{id}/features}. */
    Parsed one(Request request, String user) throws Refusal {
        Conditions.Draft conditions = new Conditions.Draft();
        List<Integer> chosen = readParameters(request, conditions, features.all());
        LookupRequest lookup = new LookupRequest(List.of(user(user)), chosen, conditions.done());
        return new Parsed(lookup, new PlainFormat(features)::one);
    }

    /** {@code POST /v1/users/features}. */
    Parsed batch(Request request, byte[] body) throws Refusal {
        Conditions.Draft conditions = new Conditions.Draft();
        List<Integer> inQuery = readParameters(request, conditions, features.all());
        List<List<Id>> users = new ArrayList<>();
        List<List<Integer>> chosen = new ArrayList<>(List.of(inQuery));
        JsonBody.read(body, (name, value) -> {
            if (name.equals("users")) {
                users.add(value.users(name, idType));
            } else if (name.equals(FEATURES)) {
                chosen.set(0, indexes(value.texts(name)));
            } else if (Conditions.NAMES.contains(name)) {
                conditions.put(name, value.textOrWhole(name));
            } else {
                throw Refusal.bad("the body has a member that is not known: there are users, features, "
                        + String.join(", ", Conditions.NAMES));
            }
        });
        if (users.isEmpty()) {
            throw Refusal.bad("the body has no users: send {\"users\": [1, 2]}");
        }
        LookupRequest lookup = new LookupRequest(users.get(0), chosen.get(0), conditions.done());
        return new Parsed(lookup, new PlainFormat(features)::many);
    }

    /** {@code POST /get-online-features}. */
    Parsed feast(Request request, byte[] body) throws Refusal {
        Conditions.Draft conditions = new Conditions.Draft();
        readParameters(request, conditions, List.of());
        FeastBody read = new FeastBody(this, idType, conditions);
        JsonBody.read(body, read);
        return new Parsed(
                new LookupRequest(read.users(), read.features(), conditions.done()),
                new FeastFormat(features, read.isFullNames()));
    }

    /** The user that a path names. */
    Id user(String encoded) throws Refusal {
        String text;
        try {
            // What follows a semicolon would be taken for a parameter of the path, and be lost.
            text = encoded.indexOf(';') < 0 ? URIUtil.decodePath(encoded) : null;
        } catch (IllegalArgumentException e) {
            text = null;
        }
        Id user = text == null || text.length() > Json.LONGEST_TEXT
                ? null
                : idType.id(text).orElse(null);
        if (user == null) {
            throw Refusal.bad("the path names no user: an id has to be " + kind(idType));
        }
        return user;
    }

    static String kind(IdType type) {
        return switch (type) {
            case BIGINT -> "an integer, as PostgreSQL prints a bigint";
            case UUID -> "a uuid in small letters, as PostgreSQL prints it";
            case TEXT -> "a text";
        };
    }

    private List<Integer> readParameters(Request request, Conditions.Draft conditions, List<Integer> otherwise)
            throws Refusal {
        HttpFields headers = request.getHeaders();
        for (Map.Entry<String, String> header : HEADERS.entrySet()) {
            String value = headers.get(header.getValue());
            if (value != null) {
                conditions.put(header.getKey(), value);
            }
        }
        List<Integer> chosen = otherwise;
        if (request.getHttpURI().getQuery() == null) {
            return chosen;
        }
        for (Fields.Field parameter : query(request)) {
            if (parameter.getValues().size() > 1) {
                throw Refusal.bad("the query has " + parameter.getName() + " twice");
            }
            if (parameter.getName().equals(FEATURES)) {
                chosen = indexes(List.of(parameter.getValue().split(",", -1)));
            } else if (Conditions.NAMES.contains(parameter.getName())) {
                conditions.put(parameter.getName(), parameter.getValue());
            } else {
                throw Refusal.bad("the query has a parameter that is not known: there are features, "
                        + String.join(", ", Conditions.NAMES));
            }
        }
        return chosen;
    }

    static Fields query(Request request) throws Refusal {
        try {
            return Request.extractQueryParameters(request);
        } catch (RuntimeException e) {
            throw Refusal.bad("the query cannot be decoded");
        }
    }

    /** @throws Refusal if a name is unknown, or there twice */
    List<Integer> indexes(List<String> names) throws Refusal {
        Set<Integer> indexes = new LinkedHashSet<>();
        for (String name : names) {
            Integer index = features.index(name);
            if (index == null) {
                throw Refusal.bad("a feature is not known: there are " + String.join(", ", features.names()));
            }
            if (!indexes.add(index)) {
                throw Refusal.bad("feature " + name + " is asked for twice");
            }
        }
        return indexes.isEmpty() ? features.all() : List.copyOf(indexes);
    }
}
