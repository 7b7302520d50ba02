package dev.headgate.hibernate;

import static dev.headgate.hibernate.Notebooks.ACME;
import static dev.headgate.hibernate.Notebooks.GLOBEX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.datasource.UnitOfWork;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.hibernate.HibernateException;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A session belongs to the tenant of its unit of work, and to no other. */
class TenantTest {

  private Notebooks notebooks;
  private SessionFactory sessions;

  @BeforeEach
  void start() throws SQLException {
    notebooks = Notebooks.on("H2");
    Map<String, Object> settings = new HashMap<>();
    settings.put("hibernate.current_session_context_class", "thread");
    HibernateSettings.of(notebooks.dataSource)
        .bootstrap(notebooks.dataSource.forTenant(Notebooks.BOOTSTRAP))
        .applyTo(settings);
    sessions = Notebooks.sessions(settings);
  }

  @AfterEach
  void stop() {
    assertThat(notebooks.leases()).isZero();
    sessions.close();
    notebooks.close();
  }

  @Test
  void outsideOfAUnit_thereIsNoSession() {
    assertThatThrownBy(sessions::openSession)
        .isInstanceOf(HibernateException.class)
        .hasMessageContaining("there is no unit of work here")
        .hasMessageContaining("begin(tenant)");
    assertThatThrownBy(() -> sessions.withOptions().tenantIdentifier((Object) "acme").openSession())
        .hasMessageContaining("there is no unit of work here");
  }

  @Test
  void aSessionForAnotherTenant_isRefused() throws SQLException {
    try (UnitOfWork unit = notebooks.dataSource.begin(ACME)) {
      assertThatThrownBy(
              () -> sessions.withOptions().tenantIdentifier((Object) "globex").openSession())
          .hasMessageContaining("session of tenant \"globex\"")
          .hasMessageContaining("unit of work of tenant \"acme\"");
      unit.commit();
    }
  }

  @Test
  void aSession_isRefusedInTheNextTenantsUnit_evenForWhatIsCached() throws SQLException {
    notebooks.behindTheCache(ACME, "INSERT INTO note VALUES (1, 'of acme')");
    Session session;
    try (UnitOfWork unit = notebooks.dataSource.begin(ACME)) {
      sessions.inTransaction(other -> other.find(Note.class, 1L));
      session = sessions.openSession();
      unit.commit();
    }
    try (UnitOfWork unit = notebooks.dataSource.begin(GLOBEX)) {
      assertThatThrownBy(() -> session.find(Note.class, 1L))
          .hasMessageContaining("session of tenant \"acme\"");
      assertThatThrownBy(session::beginTransaction)
          .hasMessageContaining("session of tenant \"acme\"");
      unit.commit();
    }
    session.close();
  }

  @Test
  void theCurrentSessionOfAThread_isNotTheNextTenants() throws SQLException {
    Session left;
    try (UnitOfWork unit = notebooks.dataSource.begin(ACME)) {
      left = sessions.getCurrentSession();
      left.beginTransaction();
      unit.commit();
    }
    try (UnitOfWork unit = notebooks.dataSource.begin(GLOBEX)) {
      assertThatThrownBy(sessions::getCurrentSession).isInstanceOf(HibernateException.class);
      unit.commit();
    }
    org.hibernate.context.internal.ThreadLocalSessionContext.unbind(sessions).close();
  }

  @Test
  void aSession_hasNoConnectionAfterItsUnit() throws SQLException {
    Session session;
    try (UnitOfWork unit = notebooks.dataSource.begin(ACME)) {
      session = sessions.openSession();
      unit.commit();
    }
    try (session) {
      assertThatThrownBy(() -> session.find(Note.class, 1L))
          .hasStackTraceContaining("there is no unit of work here");
    }
  }

  @Test
  void settingsUnderWhichWorkWouldBeLost_areRefused() throws SQLException {
    for (Map.Entry<String, Object> setting :
        Map.<String, Object>of(
                "hibernate.connection.handling_mode",
                "DELAYED_ACQUISITION_AND_RELEASE_BEFORE_TRANSACTION_COMPLETION",
                "hibernate.allow_update_outside_transaction",
                true)
            .entrySet()) {
      Map<String, Object> settings = new HashMap<>(Map.of(setting.getKey(), setting.getValue()));
      HibernateSettings.of(notebooks.dataSource)
          .bootstrap(notebooks.dataSource.forTenant(Notebooks.BOOTSTRAP))
          .applyTo(settings);
      try (SessionFactory refused = Notebooks.sessions(settings);
          UnitOfWork unit = notebooks.dataSource.begin(ACME)) {
        assertThatThrownBy(refused::openSession).hasMessageContaining(setting.getKey());
        unit.commit();
      }
    }
  }

  @Test
  void aSettingThatContradicts_isNamed() {
    Map<String, Object> settings =
        new HashMap<>(Map.of("hibernate.transaction.coordinator_class", "jta"));
    assertThatThrownBy(() -> HibernateSettings.of(notebooks.dataSource).applyTo(settings))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("hibernate.transaction.coordinator_class is already jta");
  }
}
