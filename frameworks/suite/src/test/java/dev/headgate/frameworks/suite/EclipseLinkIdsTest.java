package dev.headgate.frameworks.suite;

import static dev.headgate.frameworks.suite.Notebook.ACME;
import static dev.headgate.frameworks.suite.Notebook.GLOBEX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.datasource.TenantId;
import dev.headgate.datasource.Transactions;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.PersistenceConfiguration;
import jakarta.persistence.SequenceGenerator;
import jakarta.persistence.Table;
import jakarta.persistence.TableGenerator;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Supplier;
import org.eclipse.persistence.jpa.PersistenceProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Ranges of ids, which EclipseLink takes from one tenant and gives to all. */
@ExtendWith(Notebooks.class)
class EclipseLinkIdsTest {

  @Entity(name = "InRanges")
  @Table(name = "entry")
  static class InRanges {
    @Id
    @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "fifty")
    @SequenceGenerator(name = "fifty", sequenceName = "entry_by_fifty", allocationSize = 50)
    Long id;
  }

  @Entity(name = "OneByOne")
  @Table(name = "entry")
  static class OneByOne {
    // snippet
    @Id
    @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "entry")
    @SequenceGenerator(name = "entry", sequenceName = "entry_seq", allocationSize = 1)
    Long id;
    // end of snippet
  }

  @Entity(name = "InRangesOfATable")
  @Table(name = "entry")
  static class InRangesOfATable {
    @Id
    @GeneratedValue(strategy = GenerationType.TABLE, generator = "table")
    @TableGenerator(name = "table", allocationSize = 50)
    Long id;
  }

  @Entity(name = "OneByOneOfATable")
  @Table(name = "entry")
  static class OneByOneOfATable {
    @Id
    @GeneratedValue(strategy = GenerationType.TABLE, generator = "table by one")
    @TableGenerator(name = "table by one", allocationSize = 1)
    Long id;
  }

  private Notebook notebook;

  @BeforeEach
  void empty() throws Exception {
    notebook = Notebooks.of(Dbms.H2, Transactions.UNIT);
    for (TenantId tenant : List.of(ACME, GLOBEX)) {
      notebook.execute(
          tenant,
          List.of(
              "DROP TABLE IF EXISTS entry",
              "CREATE TABLE entry (id BIGINT PRIMARY KEY)",
              "DROP SEQUENCE IF EXISTS entry_by_fifty",
              "CREATE SEQUENCE entry_by_fifty START WITH 50 INCREMENT BY 50",
              "DROP SEQUENCE IF EXISTS entry_seq",
              "CREATE SEQUENCE entry_seq",
              "DROP TABLE IF EXISTS sequence",
              "CREATE TABLE sequence (seq_name VARCHAR(50) PRIMARY KEY, seq_count BIGINT)",
              "INSERT INTO sequence VALUES ('table', 0), ('table by one', 0)"));
    }
  }

  /** Starts an instance, which shares nothing with those of other names. */
  private EntityManagerFactory start(String name) {
    PersistenceConfiguration unit =
        new PersistenceConfiguration(name)
            .managedClass(InRanges.class)
            .managedClass(OneByOne.class)
            .managedClass(InRangesOfATable.class)
            .managedClass(OneByOneOfATable.class)
            .property("jakarta.persistence.nonJtaDataSource", notebook.dataSource)
            .property("eclipselink.target-database", Dbms.H2.eclipseLink.getName())
            .property("eclipselink.cache.shared.default", "false");
    return new PersistenceProvider().createEntityManagerFactory(unit);
  }

  private void add(
      EntityManagerFactory entities, TenantId tenant, Supplier<Object> entry, int count)
      throws SQLException {
    notebook.dataSource.call(
        tenant,
        work -> {
          for (int i = 0; i < count; i++) {
            entities.runInTransaction(entityManager -> entityManager.persist(entry.get()));
          }
          return null;
        });
  }

  /** Two instances of an application write for two tenants. */
  private void byTwoInstances(Supplier<Object> entry) throws SQLException {
    try (EntityManagerFactory one = start("one");
        EntityManagerFactory other = start("other")) {
      add(one, ACME, entry, 3);
      add(one, GLOBEX, entry, 1);
      add(other, GLOBEX, entry, 4);
    }
  }

  /** One of two instances writes first in a request that is rolled back. */
  private void afterARollback(Supplier<Object> entry) throws SQLException {
    try (EntityManagerFactory one = start("one");
        EntityManagerFactory other = start("other")) {
      assertThatThrownBy(
              () ->
                  notebook.dataSource.call(
                      ACME,
                      work -> {
                        one.runInTransaction(entityManager -> entityManager.persist(entry.get()));
                        throw new OnPurpose();
                      }))
          .isInstanceOf(OnPurpose.class);
      add(one, ACME, entry, 1);
      add(other, ACME, entry, 4);
    }
  }

  private long stored(TenantId tenant) throws SQLException {
    return new PlainJdbc(notebook.dataSource.forTenant(tenant))
        .number("SELECT count(*) FROM entry");
  }

  @Test
  void theTrap_idsOutOfAnotherTenantsRange() {
    assertThatThrownBy(() -> byTwoInstances(InRanges::new))
        .hasStackTraceContaining("primary key violation");
  }

  @Test
  void theTrap_idsOutOfAnotherTenantsTable() {
    assertThatThrownBy(() -> byTwoInstances(InRangesOfATable::new))
        .hasStackTraceContaining("primary key violation");
  }

  @Test
  void theTrap_idsOutOfATable_thatWereTakenInVain() {
    assertThatThrownBy(() -> afterARollback(InRangesOfATable::new))
        .hasStackTraceContaining("primary key violation");
  }

  @Test
  void oneByOne_eachTenantHasItsOwn() throws SQLException {
    byTwoInstances(OneByOne::new);
    assertThat(stored(ACME)).isEqualTo(3);
    assertThat(stored(GLOBEX)).isEqualTo(5);
  }

  @Test
  void oneByOneOutOfATable_eachTenantHasItsOwn_afterARollbackToo() throws SQLException {
    byTwoInstances(OneByOneOfATable::new);
    assertThat(stored(ACME)).isEqualTo(3);
    assertThat(stored(GLOBEX)).isEqualTo(5);
    afterARollback(OneByOneOfATable::new);
    assertThat(stored(ACME)).isEqualTo(8);
  }
}
