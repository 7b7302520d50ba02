package dev.headgate.example;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonTest {

  @Test
  void notes_areAnArrayOfObjects() throws Exception {
    byte[] json = Json.notes(List.of(new Note(1, "a"), new Note(Long.MAX_VALUE, "é🎉\"\\/\n")));

    assertThat(new String(json, StandardCharsets.UTF_8))
        .isEqualTo(
            """
            [{"id":1,"text":"a"},{"id":9223372036854775807,"text":"é🎉\\"\\\\/\\n"}]""");
  }

  @Test
  void notes_everyCharacterComesBack() throws Exception {
    var text = new StringBuilder();
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
        text.appendCodePoint(c);
      }
    }

    byte[] json = Json.notes(List.of(new Note(1, text.toString())));

    try (JsonParser parser = new JsonFactory().createParser(json)) {
      while (!"text".equals(parser.currentName()) || parser.nextToken() != JsonToken.VALUE_STRING) {
        parser.nextToken();
      }
      assertThat(parser.getText()).isEqualTo(text.toString());
    }
  }
}
