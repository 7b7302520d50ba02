package dev.headgate.frameworks.suite;

import static dev.headgate.frameworks.suite.Notebook.ACME;
import static dev.headgate.frameworks.suite.Notebook.GLOBEX;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.datasource.TenantId;
import dev.headgate.datasource.Transactions;
import java.util.List;
import javax.sql.DataSource;
import org.apache.ibatis.annotations.CacheNamespace;
import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Select;
import org.apache.ibatis.mapping.Environment;
import org.apache.ibatis.session.Configuration;
import org.apache.ibatis.session.SqlSession;
import org.apache.ibatis.session.SqlSessionFactory;
import org.apache.ibatis.session.SqlSessionFactoryBuilder;
import org.apache.ibatis.transaction.jdbc.JdbcTransactionFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A cache that belongs to a statement, and knows neither tenants nor a unit's outcome. */
@ExtendWith(Notebooks.class)
class MyBatisCacheTest {

  @CacheNamespace
  interface CachingMapper {
    @Insert("INSERT INTO note (body) VALUES (#{body})")
    void add(String body);

    @Select("SELECT body FROM note ORDER BY id")
    List<String> bodies();
  }

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

  private static SqlSessionFactory withoutCaches(DataSource dataSource) {
    // snippet
    Configuration configuration =
        new Configuration(new Environment("notes", new JdbcTransactionFactory(), dataSource));
    configuration.setCacheEnabled(false);
    // end of snippet
    configuration.addMapper(CachingMapper.class);
    return new SqlSessionFactoryBuilder().build(configuration);
  }

  private SqlSessionFactory withCaches() {
    return MyBatis.factory(notebook.dataSource, CachingMapper.class);
  }

  private List<String> read(SqlSessionFactory sessions, TenantId tenant) throws Exception {
    return notebook.dataSource.call(
        tenant,
        work -> {
          try (SqlSession session = sessions.openSession()) {
            return session.getMapper(CachingMapper.class).bodies();
          }
        });
  }

  private void addInARequestThatFails(SqlSessionFactory sessions) throws Exception {
    try {
      stage.play(
          ACME,
          () -> {
            try (SqlSession session = sessions.openSession()) {
              session.getMapper(CachingMapper.class).add("of a request that fails");
              session.commit();
            }
            try (SqlSession session = sessions.openSession()) {
              session.getMapper(CachingMapper.class).bodies();
              session.commit();
            }
            throw new OnPurpose();
          });
    } catch (OnPurpose expected) {
      // The unit is rolled back.
    }
  }

  @Test
  void theTrap_anotherTenantsRows() throws Exception {
    stage.play(ACME, () -> notebook.framework(Kind.JDBC).add("of acme"));
    SqlSessionFactory sessions = withCaches();
    read(sessions, ACME);
    assertThat(read(sessions, GLOBEX)).containsExactly("of acme");
  }

  @Test
  void theTrap_rowsThatWereRolledBack() throws Exception {
    SqlSessionFactory sessions = withCaches();
    addInARequestThatFails(sessions);
    assertThat(read(sessions, ACME)).containsExactly("of a request that fails");
  }

  @Test
  void withoutCaches_eachTenantSeesItsOwn_andWhatIsStored() throws Exception {
    stage.play(ACME, () -> notebook.framework(Kind.JDBC).add("of acme"));
    SqlSessionFactory sessions = withoutCaches(notebook.dataSource);
    assertThat(read(sessions, ACME)).containsExactly("of acme");
    assertThat(read(sessions, GLOBEX)).isEmpty();
    addInARequestThatFails(sessions);
    assertThat(read(sessions, ACME)).containsExactly("of acme");
  }

  @Test
  void withNone_theCacheHasWhatIsStored() throws Exception {
    use(Transactions.NONE);
    SqlSessionFactory sessions = withCaches();
    addInARequestThatFails(sessions);
    stage.play(
        ACME,
        () -> {
          try (SqlSession session = sessions.openSession()) {
            session.getMapper(CachingMapper.class).add("rolled back");
            session.getMapper(CachingMapper.class).bodies();
            session.rollback();
          }
        });
    assertThat(read(sessions, ACME)).containsExactly("of a request that fails");
    assertThat(notebook.stored(ACME)).containsExactly("of a request that fails");
  }
}
