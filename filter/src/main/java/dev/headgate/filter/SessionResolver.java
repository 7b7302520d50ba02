package dev.headgate.filter;

import dev.headgate.datasource.TenantId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An attribute of the session, if there is one. */
final class SessionResolver implements TenantResolver {

  private final String attribute;

  SessionResolver(String attribute) {
    if (attribute.isBlank()) {
      throw new IllegalArgumentException("the name of the tenant's session attribute is empty");
    }
    this.attribute = attribute;
  }

  @Override
  public Optional<TenantId> resolve(HttpServletRequest request) {
    Object value = value(request.getSession(false));
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof TenantId tenant) {
      return Optional.of(tenant);
    }
    if (value instanceof String text) {
      return Optional.of(TenantId.of(text));
    }
    throw new IllegalStateException(
        "the session attribute %s is a %s: it has to be a TenantId or a String"
            .formatted(attribute, value.getClass().getName()));
  }

  private @Nullable Object value(@Nullable HttpSession session) {
    try {
      return session == null ? null : session.getAttribute(attribute);
    } catch (IllegalStateException e) {
      // Another request has ended the session meanwhile.
      return null;
    }
  }

  @Override
  public String toString() {
    return "the session attribute " + attribute;
  }
}
