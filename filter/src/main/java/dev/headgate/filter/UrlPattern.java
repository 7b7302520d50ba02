package dev.headgate.filter;

import jakarta.servlet.http.HttpServletRequest;
import java.util.function.Predicate;

/**
 * A URL pattern: {@code /health}, {@code /static/*} or {@code *.css}; {@code /} is the root alone.
 * It is compared with the path that the container dispatches by, decoded and without the context
 * path.
 */
final class UrlPattern implements Predicate<HttpServletRequest> {

  private final String pattern;

  /**
   * Makes a pattern of its text.
   *
   * @throws IllegalArgumentException if it has none of the forms
   */
  UrlPattern(String pattern) {
    boolean path = pattern.startsWith("/") && pattern.length() > 1;
    boolean extension = pattern.startsWith("*.") && pattern.length() > 2;
    int star = pattern.indexOf('*');
    boolean starInside = path && star >= 0 && !(star == pattern.length() - 1 && isPrefix(pattern));
    if (!(path || extension || pattern.equals("/"))
        || starInside
        || pattern.lastIndexOf('*') != star) {
      throw new IllegalArgumentException(
          "URL pattern \"%s\": it has to look like /health, /static/* or *.css".formatted(pattern));
    }
    this.pattern = pattern;
  }

  private static boolean isPrefix(String pattern) {
    return pattern.endsWith("/*");
  }

  @Override
  public boolean test(HttpServletRequest request) {
    String info = request.getPathInfo();
    return matches(info == null ? request.getServletPath() : request.getServletPath() + info);
  }

  /** Returns whether it is the pattern of a path below the context path, which is decoded. */
  boolean matches(String path) {
    if (pattern.startsWith("*")) {
      return path.endsWith(pattern.substring(1));
    }
    if (isPrefix(pattern)) {
      String prefix = pattern.substring(0, pattern.length() - 2);
      return path.startsWith(prefix)
          && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
    }
    return path.equals(pattern);
  }

  @Override
  public String toString() {
    return pattern;
  }
}
