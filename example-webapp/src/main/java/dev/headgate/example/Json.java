package dev.headgate.example;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;

/** What the application says in JSON, in UTF-8. */
final class Json {

  /** Writes characters beyond U+FFFF as themselves, in place of two escapes. */
  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8).build();

  private Json() {}

  static byte[] notes(List<Note> notes) throws IOException {
    return write(
        json -> {
          json.writeStartArray();
          for (Note note : notes) {
            json.writeStartObject();
            json.writeNumberField("id", note.id());
            json.writeStringField("text", note.text());
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  static byte[] write(Content content) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
      content.writeTo(json);
    }
    return bytes.toByteArray();
  }

  interface Content {
    void writeTo(JsonGenerator json) throws IOException;
  }
}
