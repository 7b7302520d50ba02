package dev.headgate.filter;

import dev.headgate.datasource.TenantId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/** The first segment of the path below the context path. */
final class PathResolver implements TenantResolver {

  @Override
  public Optional<TenantId> resolve(HttpServletRequest request) {
    String segment = isRoot(request) ? "" : segment(path(request));
    return segment.isEmpty() ? Optional.empty() : Optional.of(TenantId.of(segment));
  }

  /** To Tomcat the path of the root may be that of a welcome file (Mapper, rule 4). */
  private static boolean isRoot(HttpServletRequest request) {
    return request.getRequestURI().equals(request.getContextPath() + "/");
  }

  /** Returns the path by which the container dispatches: decoded, below the context path. */
  static String path(HttpServletRequest request) {
    String info = request.getPathInfo();
    return info == null ? request.getServletPath() : request.getServletPath() + info;
  }

  /** Returns the first segment of a path, which is empty for the root. */
  static String segment(String path) {
    int begin = path.startsWith("/") ? 1 : 0;
    int end = path.indexOf('/', begin);
    return path.substring(begin, end < 0 ? path.length() : end);
  }

  @Override
  public String toString() {
    return "the first segment of the path";
  }
}
