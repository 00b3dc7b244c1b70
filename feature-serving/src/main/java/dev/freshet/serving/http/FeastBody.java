package dev.freshet.serving.http;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.config.IdType;
import dev.freshet.schemas.Id;
import dev.freshet.schemas.Names;

/** The body of {@code /get-online-features}. As Feast's server does, it reads over members that it does not know. */
final class FeastBody implements JsonBody.Member {
    static final String ENTITY = "user_id";

    private final RequestReader reader;
    private final IdType idType;
    private final Conditions.Draft conditions;
    private @Nullable List<Id> users;
    private List<String> names = List.of();
    private @Nullable String service;
    private boolean fullNames;

    FeastBody(RequestReader reader, IdType idType, Conditions.Draft conditions) {
        this.reader = reader;
        this.idType = idType;
        this.conditions = conditions;
    }

    @Override
    public void read(String name, JsonBody value) throws IOException, Refusal {
        switch (name) {
            case "features" -> names = withoutView(value.texts(name));
            case "feature_service" -> service = value.textOrNull(name);
            case "full_feature_names" -> fullNames = value.flag(name);
            case "entities" -> value.object(name, this::readEntity);
            default -> {
                if (Conditions.NAMES.contains(name)) {
                    conditions.put(name, value.textOrWhole(name));
                } else {
                    value.skip();
                }
            }
        }
    }

    private void readEntity(String name, JsonBody value) throws IOException, Refusal {
        if (!name.equals(ENTITY)) {
            throw Refusal.bad("entities has a member that is not known: there is " + ENTITY);
        }
        users = value.users("entities." + name, idType);
    }

    private static List<String> withoutView(List<String> references) {
        List<String> names = new ArrayList<>();
        for (String reference : references) {
            names.add(
                    reference.startsWith(Names.VIEW + ":") ? reference.substring(Names.VIEW.length() + 1) : reference);
        }
        return names;
    }

    List<Id> users() throws Refusal {
        List<Id> read = users;
        if (read == null) {
            throw Refusal.bad("the body has no entities: send {\"entities\": {\"" + ENTITY + "\": [1, 2]}}");
        }
        return read;
    }

    /** By their indexes. */
    List<Integer> features() throws Refusal {
        String named = service;
        if (named != null && !named.equals(Names.VIEW)) {
            throw Refusal.bad("feature_service is not known: there is " + Names.VIEW);
        }
        if (named == null && names.isEmpty()) {
            throw Refusal.bad(
                    "the body has no features: name them, or send {\"feature_service\": \"" + Names.VIEW + "\"}");
        }
        return reader.indexes(named == null ? names : List.of());
    }

    boolean isFullNames() {
        return fullNames;
    }
}
