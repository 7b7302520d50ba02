import org.jspecify.annotations.NullMarked;

/** Hibernate behind the routing data source: tenants, connections, and outcomes. */
@NullMarked
module dev.headgate.hibernate {
  requires transitive dev.headgate.datasource;
  requires static transitive org.jspecify;
  requires transitive org.hibernate.orm.core;

  exports dev.headgate.hibernate;

  provides org.hibernate.service.spi.ServiceContributor with
      dev.headgate.hibernate.RegionContributor;
}
