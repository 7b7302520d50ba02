package dev.headgate.filter;

import jakarta.servlet.http.HttpServletResponse;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a response had when the filter was entered, to which a failure takes it back. */
final class EntryState {

  private final Map<String, List<String>> headers;
  private final @Nullable String contentType;
  private final int status;

  EntryState(HttpServletResponse response) {
    this.status = response.getStatus();
    this.contentType = response.getContentType();
    Collection<String> names = response.getHeaderNames();
    headers = names.isEmpty() ? Map.of() : new LinkedHashMap<>();
    for (String name : names) {
      headers.put(name, List.copyOf(response.getHeaders(name)));
    }
  }

  /** Returns the status at entry. */
  int status() {
    return status;
  }

  /** Throws away what was written to a response since; it must not be committed. */
  void restore(HttpServletResponse response) {
    response.reset();
    response.setStatus(status);
    if (contentType != null) {
      response.setContentType(contentType);
    }
    headers.forEach(
        (name, values) -> {
          // Some are there again: the content type, and on Jetty its own and the session's cookie.
          Collection<String> there = response.getHeaders(name);
          if (there.isEmpty() || name.equalsIgnoreCase("Set-Cookie")) {
            values.stream()
                .filter(value -> !there.contains(value))
                .forEach(value -> response.addHeader(name, value));
          }
        });
  }
}
