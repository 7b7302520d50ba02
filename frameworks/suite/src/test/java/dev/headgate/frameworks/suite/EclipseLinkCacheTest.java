package dev.headgate.frameworks.suite;

import static dev.headgate.frameworks.suite.Notebook.ACME;
import static dev.headgate.frameworks.suite.Notebook.GLOBEX;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.datasource.TenantId;
import dev.headgate.datasource.Transactions;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceConfiguration;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.persistence.jpa.PersistenceProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** EclipseLink's shared cache, which is on by default, and knows neither tenants nor a unit. */
@ExtendWith(Notebooks.class)
class EclipseLinkCacheTest {

  private Notebook notebook;
  private Stage stage;

  @BeforeEach
  void inUnits() throws Exception {
    use(Transactions.UNIT);
  }

  private void use(Transactions transactions) throws Exception {
    notebook = Notebooks.of(Dbms.H2, transactions);
    stage = notebook.stage(Place.JOB);
    notebook.clear();
  }

  private EntityManagerFactory withSharedCache() {
    PersistenceConfiguration unit =
        new PersistenceConfiguration("with shared cache")
            .managedClass(Note.class)
            .property("jakarta.persistence.nonJtaDataSource", notebook.dataSource)
            .property("eclipselink.target-database", Dbms.H2.eclipseLink.getName());
    return new PersistenceProvider().createEntityManagerFactory(unit);
  }

  private EntityManagerFactory withoutSharedCache() {
    return Jpa.eclipseLink(notebook.dataSource, Dbms.H2.eclipseLink.getName());
  }

  private Long add(EntityManagerFactory entities, boolean fails) throws Exception {
    AtomicReference<Note> note = new AtomicReference<>(new Note("of acme"));
    try {
      stage.play(
          ACME,
          () -> {
            entities.runInTransaction(entityManager -> entityManager.persist(note.get()));
            if (fails) {
              throw new OnPurpose();
            }
          });
    } catch (OnPurpose expected) {
      // The unit is rolled back.
    }
    return note.get().id();
  }

  private Note find(EntityManagerFactory entities, TenantId tenant, Long id) throws Exception {
    return notebook.dataSource.call(
        tenant,
        work -> {
          try (EntityManager entityManager = entities.createEntityManager()) {
            return entityManager.find(Note.class, id);
          }
        });
  }

  @Test
  void theTrap_anotherTenantsRows() throws Exception {
    try (EntityManagerFactory entities = withSharedCache()) {
      Long id = add(entities, false);
      assertThat(find(entities, GLOBEX, id).body()).isEqualTo("of acme");
    }
  }

  @Test
  void theTrap_rowsThatWereRolledBack() throws Exception {
    try (EntityManagerFactory entities = withSharedCache()) {
      Long id = add(entities, true);
      assertThat(find(entities, ACME, id).body()).isEqualTo("of acme");
    }
  }

  @Test
  void withoutTheSharedCache_eachTenantSeesItsOwn_andWhatIsStored() throws Exception {
    try (EntityManagerFactory entities = withoutSharedCache()) {
      Long id = add(entities, false);
      assertThat(find(entities, ACME, id).body()).isEqualTo("of acme");
      assertThat(find(entities, GLOBEX, id)).isNull();
      assertThat(find(entities, ACME, add(entities, true))).isNull();
    }
  }

  @Test
  void withNone_theCacheHasWhatIsStored() throws Exception {
    use(Transactions.NONE);
    try (EntityManagerFactory entities = withSharedCache()) {
      Long id = add(entities, true);
      Long rolledBack = id + 1;
      stage.play(ACME, () -> Jpa.ofEclipseLink(entities).addAndRollBack("rolled back"));
      assertThat(find(entities, ACME, id).body()).isEqualTo("of acme");
      assertThat(find(entities, ACME, rolledBack)).isNull();
      assertThat(notebook.stored(ACME)).containsExactly("of acme");
    }
  }
}
