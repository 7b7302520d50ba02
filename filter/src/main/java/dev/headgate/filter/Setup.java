package dev.headgate.filter;

import dev.headgate.datasource.RoutingDataSource;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/** How a filter is set up. */
record Setup(
    RoutingDataSource dataSource,
    boolean ownsDataSource,
    TenantResolver resolver,
    Access access,
    Predicate<HttpServletRequest> excluded,
    IntPredicate rollBackOn,
    Duration retryAfter,
    HeldLimits limits,
    Predicate<HttpServletRequest> streamed,
    AsyncLimit asyncLimit,
    FilterPaths paths) {

  /** Returns this for a filter that starts, and is called at these paths. */
  Setup at(FilterPaths reached) {
    return new Setup(
        dataSource,
        ownsDataSource,
        resolver,
        access,
        excluded,
        rollBackOn,
        retryAfter,
        limits,
        streamed,
        new AsyncLimit(asyncLimit.duration()),
        reached);
  }
}
