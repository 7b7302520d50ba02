package dev.headgate.datasource;

import dev.headgate.datasource.pool.Database;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A database for each tenant, at a URL with the tenant's name in it. */
final class TemplateDirectory implements InMemoryDirectory {

  static final String PLACE = "{tenant}";

  private final String url;
  private final UnaryOperator<Database.Builder> further;

  TemplateDirectory(String url, UnaryOperator<Database.Builder> further) {
    if (!url.contains(PLACE)) {
      throw new IllegalArgumentException(
          "the template has no {tenant} where the tenant's name belongs, so that all tenants would"
              + " share one database");
    }
    this.url = url;
    this.further = further;
    // What is wrong with it is found out at the start.
    Optional<Database> unused = find(TenantId.of("tenant"));
  }

  @Override
  public Optional<Database> find(TenantId tenant) {
    // A TenantId has letters, digits and hyphens alone, which mean nothing in a URL.
    return Optional.of(further.apply(Database.builder(url.replace(PLACE, tenant.value()))).build());
  }
}
