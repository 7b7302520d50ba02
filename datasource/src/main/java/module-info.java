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
  // Not transitive, or whoever requires this module could not be compiled without it.
  requires static micrometer.core;

  exports dev.headgate.datasource;
  exports dev.headgate.datasource.pool;

  uses java.sql.Driver;
}
