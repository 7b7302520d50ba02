package dev.headgate.filter;

import dev.headgate.datasource.TenantId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/** The first segment of the path, without which the application sees the path. */
final class StrippedPathResolver implements TenantResolver {

  private final PathResolver segment = new PathResolver();

  @Override
  public Optional<TenantId> resolve(HttpServletRequest request) {
    Optional<TenantId> tenant = segment.resolve(request);
    if (tenant.isPresent()) {
      StrippedPath.of(request).keepIn(request);
    }
    return tenant;
  }

  @Override
  public String toString() {
    return "the first segment of the path, which is taken off it";
  }
}
