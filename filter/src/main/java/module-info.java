import org.jspecify.annotations.NullMarked;

/** A servlet filter: each request a unit of work on its tenant's database. */
@NullMarked
module dev.headgate.filter {
  requires transitive dev.headgate.datasource;
  requires transitive jakarta.servlet;
  requires static transitive org.jspecify;
  requires java.naming;
  requires org.slf4j;

  exports dev.headgate.filter;
}
