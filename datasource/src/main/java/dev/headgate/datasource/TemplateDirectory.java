package dev.headgate.datasource;

import dev.headgate.datasource.pool.Database;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A database for each tenant: at a URL with the tenant's name in it, or in a schema or catalog with
 * that name in its own.
 */
final class TemplateDirectory implements InMemoryDirectory {

  static final String PLACE = "{tenant}";

  /**
   * Returns a database as it is.
   *
   * @throws IllegalArgumentException if it has a place for the tenant, which nobody would fill
   */
  static Database withoutPlace(Database database) {
    if (hasPlace(database)) {
      throw new IllegalArgumentException(
          "the URL, schema or catalog has {tenant} in it, which only a template replaces, so that"
              + " tenants would share one database: use TenantDirectory.template(…)");
    }
    return database;
  }

  private static boolean hasPlace(Database database) {
    return database.url().contains(PLACE)
        || database.schema().orElse("").contains(PLACE)
        || database.catalog().orElse("").contains(PLACE);
  }

  private final String url;
  private final UnaryOperator<Database.Builder> further;

  TemplateDirectory(String url, UnaryOperator<Database.Builder> further) {
    this.url = url;
    this.further = further;
    // What is wrong with it is found out at the start.
    if (!hasPlace(further.apply(Database.builder(url)).build())) {
      throw new IllegalArgumentException(
          "the template has no {tenant} where the tenant's name belongs, in the URL, schema or"
              + " catalog, so that all tenants would share one database");
    }
    TemplateUrl.requireNames(url);
    Optional<Database> unused = find(TenantId.of("tenant"));
  }

  @Override
  public Optional<Database> find(TenantId tenant) {
    // A TenantId has letters, digits and hyphens alone, which mean nothing in a URL.
    Database database = further.apply(Database.builder(filled(url, tenant))).build();
    try {
      if (database.schema().isPresent()) {
        return Optional.of(database.withSchema(filled(database.schema().get(), tenant)));
      }
      if (database.catalog().isPresent()) {
        return Optional.of(database.withCatalog(filled(database.catalog().get(), tenant)));
      }
      return Optional.of(database);
    } catch (IllegalArgumentException e) {
      // With this name it is too long for any schema, and so there is none.
      return Optional.empty();
    }
  }

  private static String filled(String text, TenantId tenant) {
    return text.replace(PLACE, tenant.value());
  }
}
