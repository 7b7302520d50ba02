package dev.headgate.filter;

import jakarta.servlet.http.HttpServletResponse;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a response had when the filter was entered, to which a failure takes it back. A header is
 * looked at when it is first changed, and not in the many requests that change none.
 */
final class EntryState {

  private static final String CONTENT_TYPE = "Content-Type";

  private final HttpServletResponse response;
  private final int status;
  private @Nullable Map<String, List<String>> changed;
  private boolean typeChanged;
  private @Nullable String type;

  /** Tomcat has it without a type, too. */
  private @Nullable String encoding;

  EntryState(HttpServletResponse response) {
    this.response = response;
    this.status = response.getStatus();
  }

  /** Returns the status at entry. */
  int status() {
    return status;
  }

  /** A header is changed next. */
  void changing(String name) {
    if (CONTENT_TYPE.equalsIgnoreCase(name)) {
      changingType();
      return;
    }
    if (changed == null) {
      changed = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    }
    if (!changed.containsKey(name)) {
      boolean there = response.containsHeader(name);
      changed.put(name, there ? List.copyOf(response.getHeaders(name)) : List.of());
    }
  }

  /** The content type is changed next, or its character encoding. */
  void changingType() {
    if (!typeChanged) {
      typeChanged = true;
      type = response.getContentType();
      encoding = response.getCharacterEncoding();
    }
  }

  /** Throws away what was written since to a response, which must not be committed. */
  void restore(HttpServletResponse target) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    for (String name : target.getHeaderNames()) {
      headers.put(name, List.copyOf(target.getHeaders(name)));
    }
    Map<String, List<String>> before = changed;
    if (before != null) {
      headers.keySet().removeIf(before::containsKey);
      headers.putAll(before);
    }
    String contentType = typeChanged ? type : target.getContentType();
    String charset = typeChanged ? encoding : target.getCharacterEncoding();
    headers.keySet().removeIf(CONTENT_TYPE::equalsIgnoreCase);
    target.reset();
    target.setStatus(status);
    if (contentType != null) {
      target.setContentType(contentType);
    }
    if (charset != null && !charset.equals(target.getCharacterEncoding())) {
      target.setCharacterEncoding(charset);
    }
    headers.forEach(
        (name, values) -> {
          // Some are there again: on Jetty its own, and the session's cookie.
          Collection<String> there = target.getHeaders(name);
          if (there.isEmpty() || name.equalsIgnoreCase("Set-Cookie")) {
            values.stream()
                .filter(value -> !there.contains(value))
                .forEach(value -> target.addHeader(name, value));
          }
        });
  }
}
