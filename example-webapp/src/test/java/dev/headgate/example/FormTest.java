package dev.headgate.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormTest {

  private static final String FORM = "application/x-www-form-urlencoded";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "text=a                  | a",
        "text=a+b%20c            | a b c",
        "text=%C3%A9%F0%9F%8E%89 | é🎉",
        "text=\u00c3\u00a9       | é",
        "text=a=b                | a=b",
        "x=1&text=a&y            | a",
        "&&text=a&               | a",
        "te%78t=a                | a",
        "text=%3Cb%3E%26         | <b>&",
        "text=                   | ''",
        "text                    | ''"
      })
  void bodyField_isDecoded(String body, String value) throws Exception {
    assertThat(Form.bodyField(StubRequest.withBody(FORM, body), "text")).contains(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x=1", "Text=a", "=text"})
  void bodyField_isMissing(String body) throws Exception {
    assertThat(Form.bodyField(StubRequest.withBody(FORM, body), "text")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text=%",
        "text=%4",
        "text=%zz",
        "text=%\u0661\u0661",
        "text=%FF",
        "text=%C3",
        "text=%ED%A0%80",
        "text=%C0%80",
        "text=\u00ff",
        "text=a&x=%",
        "%FF=x&text=a",
        "text=a&text=a"
      })
  void bodyField_malformedForm_isRefused(String body) {
    assertThatExceptionOfType(BadRequestException.class)
        .isThrownBy(() -> Form.bodyField(StubRequest.withBody(FORM, body), "text"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/x-www-form-urlencoded;charset=UTF-8",
        "Application/X-WWW-Form-Urlencoded ; charset=\"utf-8\"",
        "application/x-www-form-urlencoded;"
      })
  void bodyField_formInUtf8_isRead(String contentType) throws Exception {
    assertThat(Form.bodyField(StubRequest.withBody(contentType, "text=a"), "text")).contains("a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded;charset=ISO-8859-1",
        "application/x-www-form-urlencoded;charset=nonsense"
      })
  void bodyField_anotherContentType_isRefused(String contentType) {
    assertThatExceptionOfType(BadRequestException.class)
        .isThrownBy(() -> Form.bodyField(StubRequest.withBody(contentType, "text=a"), "text"))
        .withMessageContaining("application/x-www-form-urlencoded");
  }

  @Test
  void bodyField_beyondTheLimit_isRefused() {
    String body = "text=a&x=" + "x".repeat(1 << 20);

    assertThatExceptionOfType(BadRequestException.class)
        .isThrownBy(() -> Form.bodyField(StubRequest.withBody(FORM, body), "text"))
        .withMessageContaining("too long");
  }

  @Test
  void queryField_isReadFromTheQuery() throws Exception {
    assertThat(Form.queryField(StubRequest.withQuery("fail=status"), "fail"))
        .isEqualTo(Optional.of("status"));
    assertThatExceptionOfType(BadRequestException.class)
        .isThrownBy(() -> Form.queryField(StubRequest.withQuery("fail=%zz"), "fail"));
  }
}
