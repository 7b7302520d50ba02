import org.jspecify.annotations.NullMarked;

/** Tenants, routing and units of work over a bounded set of leased connection pools. */
@NullMarked
module dev.headgate.datasource {
  requires transitive java.naming;
  requires transitive java.sql;
  requires transitive static org.jspecify;
  requires com.github.benmanes.caffeine;
  requires com.zaxxer.hikari;
  requires org.slf4j;

  exports dev.headgate.datasource;
  exports dev.headgate.datasource.pool;

  uses java.sql.Driver;
}
