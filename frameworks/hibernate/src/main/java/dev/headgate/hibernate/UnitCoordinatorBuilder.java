package dev.headgate.hibernate;

import dev.headgate.datasource.RoutingDataSource;
import javax.sql.DataSource;
import org.hibernate.HibernateException;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.hibernate.resource.jdbc.spi.PhysicalConnectionHandlingMode;
import org.hibernate.resource.transaction.backend.jdbc.internal.JdbcResourceLocalTransactionCoordinatorBuilderImpl;
import org.hibernate.resource.transaction.backend.jdbc.spi.JdbcResourceTransactionAccess;
import org.hibernate.resource.transaction.spi.TransactionCoordinator;
import org.hibernate.resource.transaction.spi.TransactionCoordinatorBuilder;
import org.hibernate.resource.transaction.spi.TransactionCoordinatorOwner;

/** Makes the coordinator of each session, and refuses settings under which work would be lost. */
@SuppressWarnings("serial") // services of Hibernate's are serializable in name only
final class UnitCoordinatorBuilder implements TransactionCoordinatorBuilder {

  final RoutingDataSource dataSource;
  final DataSource target;
  final TenantNames names;
  final UndecidedUnits undecided;

  UnitCoordinatorBuilder(RoutingDataSource dataSource, DataSource target, TenantNames names) {
    this.dataSource = dataSource;
    this.target = target;
    this.names = names;
    this.undecided = new UndecidedUnits(dataSource);
  }

  @Override
  public TransactionCoordinator buildTransactionCoordinator(
      TransactionCoordinatorOwner owner, Options options) {
    if (owner.getJdbcSessionOwner() instanceof SharedSessionContractImplementor session
        && owner instanceof JdbcResourceTransactionAccess transactions) {
      requireSupported(session);
      return new UnitCoordinator(this, owner, transactions, session);
    }
    // What asks for the dialect at the start is no session, and works on the bootstrap connection.
    return JdbcResourceLocalTransactionCoordinatorBuilderImpl.INSTANCE.buildTransactionCoordinator(
        owner, options);
  }

  private static void requireSupported(SharedSessionContractImplementor session) {
    switch (session.getJdbcSessionContext().getPhysicalConnectionHandlingMode().getReleaseMode()) {
      case BEFORE_TRANSACTION_COMPLETION ->
          throw new HibernateException(
              "hibernate.connection.handling_mode: a connection that is released before the commit"
                  + " undoes its work in a unit of work; leave this setting out");
      default -> {}
    }
    var options = session.getFactory().getSessionFactoryOptions();
    if (options.isAllowOutOfTransactionUpdateOperations()) {
      throw new HibernateException(
          "hibernate.allow_update_outside_transaction: without a transaction of Hibernate's, its"
              + " caches would not hear of the outcome; leave this setting out");
    }
    boolean caches = options.isSecondLevelCacheEnabled() || options.isQueryCacheEnabled();
    var regions = session.getFactory().getCache().getRegionFactory();
    if (caches && !(regions instanceof UnitRegionFactory)) {
      throw new HibernateException(
          ("the second-level cache is made by %s directly: Hibernate has not found Headgate's"
                  + " ServiceContributor, or another one has taken its place")
              .formatted(regions.getClass().getName()));
    }
  }

  @Override
  public boolean isJta() {
    return false;
  }

  @Override
  public PhysicalConnectionHandlingMode getDefaultConnectionHandlingMode() {
    return PhysicalConnectionHandlingMode.DELAYED_ACQUISITION_AND_RELEASE_AFTER_TRANSACTION;
  }
}
