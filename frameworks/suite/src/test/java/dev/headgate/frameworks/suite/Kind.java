package dev.headgate.frameworks.suite;

import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.transaction.annotation.Propagation;

/** The frameworks, as the table has them. */
enum Kind {
  JDBC("JDBC", (dataSource, dbms) -> new PlainJdbc(dataSource)),
  JDBC_TEMPLATE("Spring JdbcTemplate", (dataSource, dbms) -> new Template(dataSource)),
  SPRING_REQUIRED(
      "Spring REQUIRED", (dataSource, dbms) -> Spring.jdbc(dataSource, dbms, Propagation.REQUIRED)),
  SPRING_REQUIRES_NEW(
      "Spring REQUIRES_NEW",
      (dataSource, dbms) -> Spring.jdbc(dataSource, dbms, Propagation.REQUIRES_NEW)),
  SPRING_NESTED(
      "Spring NESTED", (dataSource, dbms) -> Spring.jdbc(dataSource, dbms, Propagation.NESTED)),
  SPRING_JPA("Spring JPA", Spring::jpa),
  HIBERNATE("Hibernate", (dataSource, dbms) -> new HibernateNative(dataSource, dbms.hibernate)),
  HIBERNATE_JPA("Hibernate JPA", Jpa::hibernate),
  ECLIPSELINK("EclipseLink", Jpa::eclipseLink),
  JOOQ("jOOQ", (dataSource, dbms) -> new Jooq(dataSource, dbms.jooq)),
  MYBATIS("MyBatis", (dataSource, dbms) -> new MyBatis(dataSource)),
  JDBI("Jdbi", (dataSource, dbms) -> new JdbiNotes(dataSource));

  @FunctionalInterface
  private interface Start {
    Framework on(DataSource dataSource, Dbms dbms) throws Exception;
  }

  private final String title;
  private final Start start;

  Kind(String title, Start start) {
    this.title = title;
    this.start = start;
  }

  static List<Kind> all() {
    return List.of(values());
  }

  /** Starts it, where there is no tenant. */
  Framework start(DataSource dataSource, Dbms dbms) throws Exception {
    return start.on(dataSource, dbms);
  }

  /** Returns why there is nothing to promise; empty if there is. */
  Optional<String> whyNot(Promise promise, Dbms dbms) {
    return switch (promise) {
      case OWN_ROLLBACK ->
          this == JDBC_TEMPLATE
              ? Optional.of("a JdbcTemplate has no transaction of its own")
              : Optional.empty();
      case LEFT_OPEN, NONE_LEFT_OPEN ->
          name().startsWith("SPRING")
              ? Optional.of("@Transactional closes what it opens")
              : Optional.empty();
      case ROUND_TRIPS ->
          dbms == Dbms.H2
              ? Optional.of("H2 runs in the process, and nothing is sent")
              : this == JDBC_TEMPLATE
                  ? Optional.of(
                      "its statement commits itself in a pool, and needs the unit's COMMIT in a"
                          + " request: one more")
                  : Optional.empty();
      default -> Optional.empty();
    };
  }

  @Override
  public String toString() {
    return title;
  }
}
