package dev.headgate.datasource;

import dev.headgate.datasource.pool.Database;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/** A directory of tenants that are all known beforehand. */
final class FixedDirectory implements InMemoryDirectory {

  /** Not changed any more. Quicker than what {@code Map.copyOf} returns. */
  private final Map<TenantId, Database> databases;

  FixedDirectory(Map<String, Database> byName) {
    Map<TenantId, Database> checked = new HashMap<>();
    Map<Database, TenantId> logins = new HashMap<>();
    byName.forEach(
        (name, database) -> {
          TenantId tenant = TenantId.of(name);
          if (checked.putIfAbsent(tenant, TemplateDirectory.withoutPlace(database)) != null) {
            throw new IllegalArgumentException(
                "tenant \"%s\" is there twice, in different spellings".formatted(tenant));
          }
          TenantId same = logins.putIfAbsent(database.login(), tenant);
          if (same != null
              && !Objects.requireNonNull(checked.get(same)).pool().equals(database.pool())) {
            throw new IllegalArgumentException(
                "tenants \"%s\" and \"%s\" share %s with different pool settings"
                    .formatted(same, tenant, database));
          }
        });
    this.databases = checked;
  }

  boolean isEmpty() {
    return databases.isEmpty();
  }

  /** Gives the database of each tenant that has another one there, or none. */
  void forEachThatMovedTo(FixedDirectory other, Consumer<Database> moved) {
    databases.forEach(
        (tenant, database) -> {
          if (!database.equals(other.databases.get(tenant))) {
            moved.accept(database);
          }
        });
  }

  @Override
  public Optional<Database> find(TenantId tenant) {
    return Optional.ofNullable(databases.get(tenant));
  }
}
