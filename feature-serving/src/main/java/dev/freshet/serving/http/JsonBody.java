package dev.freshet.serving.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.config.IdType;
import dev.freshet.schemas.Id;

/** The body of a request: one JSON object, read member by member. What is wrong with it is refused with 400. */
final class JsonBody {
    static final int MOST_USERS = 1_000;

    private static final int MOST_NAMES = 1_000;

    private final JsonParser parser;

    private JsonBody(JsonParser parser) {
        this.parser = parser;
    }

    /** Reads the value of a member, all of it. */
    @FunctionalInterface
    interface Member {
        void read(String name, JsonBody value) throws IOException, Refusal;
    }

    static void read(byte[] body, Member member) throws Refusal {
        try (JsonParser parser = Json.FACTORY.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw Refusal.bad("the body is no JSON object");
            }
            new JsonBody(parser).members(member);
            if (parser.nextToken() != null) {
                throw Refusal.bad("there is more in the body than one JSON object");
            }
        } catch (StreamConstraintsException e) {
            throw Refusal.bad(
                    "the body nests deeper than %d, or has a text of more than %d characters or a longer number"
                            .formatted(Json.DEEPEST, Json.LONGEST_TEXT));
        } catch (JsonProcessingException e) {
            throw Refusal.bad("the body is no JSON in line %d column %d%s"
                    .formatted(
                            e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
                            e.getLocation() == null ? 1 : e.getLocation().getColumnNr(),
                            e.getOriginalMessage().startsWith("Duplicate field")
                                    ? ": a member stands there twice"
                                    : ""));
        } catch (IOException e) {
            throw Refusal.bad("the body is no JSON in UTF-8");
        }
    }

    /** The members of the object that is next. */
    void members(Member member) throws IOException, Refusal {
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            member.read(name, this);
        }
    }

    /** The same of an object that is a member's value. */
    void object(String name, Member member) throws IOException, Refusal {
        require(parser.currentToken() == JsonToken.START_OBJECT, name + " has to be an object");
        members(member);
    }

    void skip() throws IOException {
        parser.skipChildren();
    }

    String text(String name) throws IOException, Refusal {
        require(parser.currentToken() == JsonToken.VALUE_STRING, name + " has to be a text");
        return parser.getText();
    }

    @Nullable
    String textOrNull(String name) throws IOException, Refusal {
        return parser.currentToken() == JsonToken.VALUE_NULL ? null : text(name);
    }

    String textOrWhole(String name) throws IOException, Refusal {
        JsonToken token = parser.currentToken();
        require(
                token == JsonToken.VALUE_STRING || token == JsonToken.VALUE_NUMBER_INT,
                name + " has to be a text or a whole number");
        return parser.getText();
    }

    boolean flag(String name) throws IOException, Refusal {
        require(parser.currentToken().isBoolean(), name + " has to be true or false");
        return parser.getBooleanValue();
    }

    List<String> texts(String name) throws IOException, Refusal {
        require(parser.currentToken() == JsonToken.START_ARRAY, name + " has to be a list of texts");
        List<String> texts = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            texts.add(text(name + "[" + texts.size() + "]"));
            require(texts.size() <= MOST_NAMES, name + " is longer than any catalogue");
        }
        return texts;
    }

    /** Users, by position; integers also as texts, as JavaScript has no large ones. */
    List<Id> users(String name, IdType type) throws IOException, Refusal {
        require(parser.currentToken() == JsonToken.START_ARRAY, name + " has to be a list of users");
        List<Id> users = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (users.size() == MOST_USERS) {
                throw new Refusal(
                        Problem.TOO_MANY_USERS, "more than " + MOST_USERS + " users: split them into several requests");
            }
            users.add(user(name, users.size(), type));
        }
        return users;
    }

    private Id user(String name, int position, IdType type) throws IOException, Refusal {
        JsonToken token = parser.currentToken();
        boolean isOfType =
                token == JsonToken.VALUE_STRING || (token == JsonToken.VALUE_NUMBER_INT && type == IdType.BIGINT);
        Optional<Id> user = isOfType ? type.id(parser.getText()) : Optional.empty();
        return user.orElseThrow(() ->
                Refusal.bad(name + "[" + position + "] is no user's id: it has to be " + RequestReader.kind(type)));
    }

    private static void require(boolean right, String message) throws Refusal {
        if (!right) {
            throw Refusal.bad(message);
        }
    }
}
