package dev.headgate.datasource;

import dev.headgate.datasource.pool.Database;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A database for each tenant, at a URL with the tenant's name in it. */
final class TemplateDirectory implements InMemoryDirectory {

  static final String PLACE = "{tenant}";

  /**
   * Returns a database as it is.
   *
   * @throws IllegalArgumentException if its URL has a place for the tenant, which nobody would fill
   */
  static Database withoutPlace(Database database) {
    if (database.url().contains(PLACE)) {
      throw new IllegalArgumentException(
          "the URL has {tenant} in it, which only a template replaces, so that tenants would share one"
              + " database: use TenantDirectory.template(…)");
    }
    return database;
  }

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
