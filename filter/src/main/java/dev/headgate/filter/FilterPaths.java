package dev.headgate.filter;

import jakarta.servlet.FilterConfig;
import jakarta.servlet.FilterRegistration;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The paths at which the container calls the filter. An ASYNC dispatch to another one would pass it
 * by: nobody would commit, and the answer would not wait for it.
 */
final class FilterPaths {

  /** All of them, where it can't be told. */
  static final FilterPaths ALL = new FilterPaths(List.of());

  private final List<UrlPattern> patterns;

  private FilterPaths(List<UrlPattern> patterns) {
    this.patterns = patterns;
  }

  /** Returns those of any dispatch, where the container does not tell which are of which. */
  static FilterPaths of(FilterConfig config) {
    FilterRegistration registration =
        config.getServletContext().getFilterRegistration(config.getFilterName());
    if (registration == null || !registration.getServletNameMappings().isEmpty()) {
      return ALL;
    }
    return of(registration.getUrlPatternMappings());
  }

  /** Returns the paths that URL patterns match, or all if some have another form. */
  static FilterPaths of(Collection<String> urlPatterns) {
    List<UrlPattern> patterns = new ArrayList<>();
    for (String pattern : urlPatterns) {
      try {
        patterns.add(new UrlPattern(pattern));
      } catch (IllegalArgumentException e) {
        return ALL;
      }
    }
    return new FilterPaths(patterns);
  }

  /**
   * Refuses a path that is none of them.
   *
   * @param path as a dispatcher takes it: encoded, with or without a query
   * @throws IllegalStateException if the filter would not be called there
   */
  void require(String path) {
    String plain = path.replaceFirst("\\?.*", "").replaceAll(";[^/]*", "").replace("+", "%2B");
    if (patterns.isEmpty()) {
      return;
    }
    String decoded = URLDecoder.decode(plain, StandardCharsets.UTF_8);
    if (decoded.matches("(.*/)?\\.{1,2}(/.*)?")) {
      throw new IllegalStateException("dispatch to %s: name the path itself".formatted(plain));
    }
    if (patterns.stream().noneMatch(pattern -> pattern.matches(decoded))) {
      throw new IllegalStateException(
          "dispatch to %s: the filter is mapped to %s alone, so that the answer would not wait for COMMIT"
              .formatted(plain, patterns));
    }
  }
}
