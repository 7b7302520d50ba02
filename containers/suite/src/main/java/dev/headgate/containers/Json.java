package dev.headgate.containers;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON, strictly. */
final class Json {

  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private Json() {}

  /** Returns maps in the order of the text, lists, strings, longs and booleans. */
  static Object parse(String text) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      parser.nextToken();
      Object value = value(parser);
      if (parser.nextToken() != null) {
        throw new AssertionError("there is something after the JSON: " + text);
      }
      return value;
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + text, e);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Returns a member of an object, which has to have it. */
  static Object member(Object object, String name) {
    Object member = object instanceof Map<?, ?> map ? map.get(name) : null;
    if (member == null) {
      throw new AssertionError("there is no \"%s\" in %s".formatted(name, object));
    }
    return member;
  }

  /** Returns what is in an array. */
  static List<?> items(Object array) {
    if (array instanceof List<?> items) {
      return items;
    }
    throw new AssertionError(array + " is no array");
  }

  private static Object value(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT) {
      Map<String, Object> object = new LinkedHashMap<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        parser.nextToken();
        object.put(name, value(parser));
      }
      return object;
    }
    if (token == JsonToken.START_ARRAY) {
      List<Object> array = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        array.add(value(parser));
      }
      return array;
    }
    if (token == JsonToken.VALUE_STRING) {
      return parser.getText();
    }
    if (token == JsonToken.VALUE_NUMBER_INT) {
      return parser.getLongValue();
    }
    if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
      return parser.getBooleanValue();
    }
    throw new AssertionError("%s is not expected here".formatted(token));
  }
}
