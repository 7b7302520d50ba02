package dev.headgate.frameworks.suite;

import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Propagation;

/** Spring's {@code @Transactional}; a propagation other than REQUIRED stands inside of another. */
final class Spring implements Framework {

  @Configuration
  @EnableTransactionManagement
  static class Jdbc {

    // snippet
    @Bean
    PlatformTransactionManager transactions(DataSource dataSource) {
      return new JdbcTransactionManager(dataSource);
    }

    // end of snippet

    @Bean
    SpringNotes notes(DataSource dataSource) {
      JdbcTemplate jdbc = new JdbcTemplate(dataSource);
      jdbc.setFetchSize(FETCH_SIZE);
      return new SpringNotes(
          new SpringNotes.Store() {
            @Override
            public void add(String body) {
              jdbc.update("INSERT INTO note (body) VALUES (?)", body);
            }

            @Override
            public List<String> bodies() {
              return jdbc.queryForList("SELECT body FROM note ORDER BY id", String.class);
            }

            @Override
            public void changeAll() {
              Template.changeAll(jdbc, bodies());
            }

            @Override
            public void stream(Consumer<String> each) {
              Template.stream(jdbc, each);
            }

            @Override
            public long number(String sql) {
              return jdbc.queryForObject(sql, Long.class);
            }
          });
    }
  }

  private final AnnotationConfigApplicationContext context =
      new AnnotationConfigApplicationContext();
  final SpringNotes notes;
  private final Propagation propagation;

  private Spring(
      DataSource dataSource, Dbms dbms, Class<?> configuration, Propagation propagation) {
    this.propagation = propagation;
    context.registerBean(DataSource.class, () -> dataSource, bean -> bean.setDestroyMethodName(""));
    context.registerBean(Dbms.class, () -> dbms);
    context.register(configuration);
    context.refresh();
    notes = context.getBean(SpringNotes.class);
  }

  static Spring jdbc(DataSource dataSource, Dbms dbms, Propagation propagation) {
    return new Spring(dataSource, dbms, Jdbc.class, propagation);
  }

  static Spring jpa(DataSource dataSource, Dbms dbms) {
    return new Spring(dataSource, dbms, SpringJpa.class, Propagation.REQUIRED);
  }

  @Override
  public void add(String body) {
    switch (propagation) {
      case REQUIRES_NEW -> notes.around(() -> notes.addOnItsOwn(body));
      case NESTED -> notes.around(() -> notes.addNested(body));
      default -> notes.add(body);
    }
  }

  @Override
  public List<String> bodies() {
    return notes.bodies();
  }

  @Override
  public void addAndRollBack(String body) {
    switch (propagation) {
      case REQUIRES_NEW -> notes.around(() -> failing(() -> notes.addOnItsOwnAndFail(body)));
      case NESTED -> notes.around(() -> failing(() -> notes.addNestedAndFail(body)));
      default -> failing(() -> notes.addAndFail(body));
    }
  }

  private static void failing(Runnable work) {
    try {
      work.run();
    } catch (OnPurpose expected) {
      return;
    }
    throw new AssertionError("it did not fail");
  }

  @Override
  public void leaveOpen(String body) {
    throw new UnsupportedOperationException("@Transactional closes what it opens");
  }

  @Override
  public void changeAll() {
    notes.changeAll();
  }

  @Override
  public void stream(Consumer<String> each) {
    notes.stream(each);
  }

  @Override
  public long number(String sql) {
    return notes.number(sql);
  }

  @Override
  public void close() {
    context.close();
  }
}
