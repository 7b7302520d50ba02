package dev.headgate.example;

import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads form fields, and refuses what is not encoded as it should be. {@code getParameter} depends
 * on the container there: Tomcat 10.1 leaves out fields that it can't decode and puts replacement
 * characters in place of malformed UTF-8, so that something would be stored that nobody sent.
 */
final class Form {

  private static final Pattern CONTENT_TYPE =
      Pattern.compile(
          "\\s*application/x-www-form-urlencoded\\s*(;\\s*(charset=\"?utf-8\"?\\s*)?)?",
          Pattern.CASE_INSENSITIVE);

  private static final int MAXIMUM_BYTES = 1 << 20;

  private Form() {}

  /** Returns a field of the URL's query, if it is there. */
  static Optional<String> queryField(HttpServletRequest request, String name)
      throws BadRequestException {
    String query = request.getQueryString();
    return query == null ? Optional.empty() : find(name, query.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns a field of the request's body, if it is there. */
  static Optional<String> bodyField(HttpServletRequest request, String name)
      throws BadRequestException, IOException {
    // Jetty's getContentType() throws for a charset that it does not know.
    String type = request.getHeader("Content-Type");
    if (type != null && !CONTENT_TYPE.matcher(type).matches()) {
      throw new BadRequestException(
          "The form has to be sent as application/x-www-form-urlencoded, in UTF-8.");
    }
    byte[] body = request.getInputStream().readNBytes(MAXIMUM_BYTES + 1);
    if (body.length > MAXIMUM_BYTES) {
      throw new BadRequestException("The form is too long: at most 1 MiB is read.");
    }
    return find(name, body);
  }

  private static Optional<String> find(String name, byte[] encoded) throws BadRequestException {
    Optional<String> found = Optional.empty();
    // One character a byte, which decode() turns back.
    for (String field : new String(encoded, StandardCharsets.ISO_8859_1).split("&", -1)) {
      int end = field.indexOf('=');
      String key = decode(end < 0 ? field : field.substring(0, end));
      String value = decode(end < 0 ? "" : field.substring(end + 1));
      if (key.equals(name)) {
        if (found.isPresent()) {
          throw new BadRequestException("The field \"" + name + "\" is there twice.");
        }
        found = Optional.of(value);
      }
    }
    return found;
  }

  private static String decode(String encoded) throws BadRequestException {
    var bytes = new ByteArrayOutputStream(encoded.length());
    for (int i = 0; i < encoded.length(); i++) {
      char c = encoded.charAt(i);
      if (c == '%') {
        if (i + 2 >= encoded.length()
            || !HexFormat.isHexDigit(encoded.charAt(i + 1))
            || !HexFormat.isHexDigit(encoded.charAt(i + 2))) {
          throw new BadRequestException("There is a % without two hexadecimal digits after it.");
        }
        bytes.write(HexFormat.fromHexDigits(encoded, i + 1, i + 3));
        i += 2;
      } else {
        bytes.write(c == '+' ? ' ' : c);
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw new BadRequestException("The form has bytes that are not UTF-8.");
    }
  }
}
