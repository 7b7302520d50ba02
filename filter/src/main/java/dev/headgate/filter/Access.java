package dev.headgate.filter;

import dev.headgate.datasource.TenantId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Who may have which tenant, and what the others hear.
 *
 * @param rules all of them have to allow it
 * @param refusedStatus what is answered if one does not
 */
record Access(List<TenantAccess> rules, int refusedStatus) {

  static final Access ALL = new Access(List.of(), HttpServletResponse.SC_NOT_FOUND);

  Access {
    if (refusedStatus != HttpServletResponse.SC_NOT_FOUND
        && refusedStatus != HttpServletResponse.SC_FORBIDDEN) {
      throw new IllegalArgumentException(
          "status %d: who may not have a tenant is answered with 404 or 403"
              .formatted(refusedStatus));
    }
    rules = List.copyOf(rules);
  }

  Access and(TenantAccess rule) {
    List<TenantAccess> more = new ArrayList<>(rules);
    more.add(rule);
    return new Access(more, refusedStatus);
  }

  /**
   * Asks about a request.
   *
   * @throws TenantRefusedException if it may not have the tenant
   */
  void require(HttpServletRequest request, TenantId tenant) {
    for (TenantAccess rule : rules) {
      if (!rule.isAllowed(request, tenant)) {
        throw new TenantRefusedException(
            "tenant %s is not allowed by \"%s\"".formatted(tenant, rule));
      }
    }
  }

  /** Returns what the log says behind the resolver. */
  @Override
  public String toString() {
    return rules.stream().map(rule -> ", allowed by: " + rule).collect(Collectors.joining());
  }

  /** Answers a request for a tenant that it may not have. */
  void answerRefused(HttpServletResponse response) throws IOException {
    if (refusedStatus == HttpServletResponse.SC_NOT_FOUND) {
      answerUnknown(response);
    } else {
      response.sendError(refusedStatus, "This tenant is refused");
    }
  }

  /** Answers a request for a tenant that does not exist. */
  static void answerUnknown(HttpServletResponse response) throws IOException {
    response.sendError(HttpServletResponse.SC_NOT_FOUND, "There is no such tenant");
  }
}
