package dev.headgate.filter;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/** The host that a request was sent to. */
final class HostName {

  private HostName() {}

  /** Returns the host's name as the client wrote it, without port and without a dot at its end. */
  static Optional<String> of(HttpServletRequest request) {
    return Optional.ofNullable(request.getServerName())
        .map(name -> name.endsWith(".") ? name.substring(0, name.length() - 1) : name);
  }
}
