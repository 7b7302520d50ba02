package dev.headgate.hibernate;

import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.UnitOfWork;
import dev.headgate.datasource.UnitOptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import javax.sql.DataSource;
import org.hibernate.HibernateException;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.hibernate.jdbc.WorkExecutor;
import org.hibernate.jdbc.WorkExecutorVisitable;
import org.hibernate.resource.transaction.spi.IsolationDelegate;

/**
 * Work of Hibernate's beside a session's transaction, such as taking a range of ids out of a table:
 * a unit of its own, since Hibernate goes on using the range when the session's unit is rolled
 * back, and other threads wait for it.
 */
final class IndependentWork implements IsolationDelegate {

  private final RoutingDataSource dataSource;
  private final DataSource target;
  private final SharedSessionContractImplementor session;

  IndependentWork(
      RoutingDataSource dataSource, DataSource target, SharedSessionContractImplementor session) {
    this.dataSource = dataSource;
    this.target = target;
    this.session = session;
  }

  @Override
  public <T> T delegateWork(WorkExecutorVisitable<T> work, boolean transacted) {
    try (UnitOfWork unit =
        dataSource.beginIndependent(dataSource.current().tenant(), UnitOptions.defaults())) {
      T result;
      try (Connection connection = target.getConnection()) {
        result = work.accept(new WorkExecutor<>(), connection);
      }
      unit.finish();
      return result;
    } catch (SQLException e) {
      throw session
          .getJdbcServices()
          .getSqlExceptionHelper()
          .convert(e, "work beside the session's transaction has failed");
    }
  }

  @Override
  public <T> T delegateCallable(Callable<T> callable, boolean transacted) {
    try {
      return callable.call();
    } catch (HibernateException e) {
      throw e;
    } catch (Exception e) {
      throw new HibernateException("work beside the session's transaction has failed", e);
    }
  }
}
