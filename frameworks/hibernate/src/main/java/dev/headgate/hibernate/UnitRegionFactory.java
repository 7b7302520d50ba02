package dev.headgate.hibernate;

import java.util.Map;
import org.hibernate.boot.spi.SessionFactoryOptions;
import org.hibernate.cache.cfg.spi.DomainDataRegionBuildingContext;
import org.hibernate.cache.cfg.spi.DomainDataRegionConfig;
import org.hibernate.cache.spi.CacheTransactionSynchronization;
import org.hibernate.cache.spi.DomainDataRegion;
import org.hibernate.cache.spi.QueryResultsRegion;
import org.hibernate.cache.spi.RegionFactory;
import org.hibernate.cache.spi.TimestampsRegion;
import org.hibernate.cache.spi.access.AccessType;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.engine.spi.SharedSessionContractImplementor;

/** The application's second-level cache, which is not used where a unit of work has written. */
@SuppressWarnings("serial") // services of Hibernate's are serializable in name only
final class UnitRegionFactory implements RegionFactory {

  private final RegionFactory chosen;
  private final UndecidedUnits undecided;

  UnitRegionFactory(RegionFactory chosen, UndecidedUnits undecided) {
    this.chosen = chosen;
    this.undecided = undecided;
  }

  @Override
  public DomainDataRegion buildDomainDataRegion(
      DomainDataRegionConfig config, DomainDataRegionBuildingContext context) {
    return UnitRegion.around(chosen.buildDomainDataRegion(config, context), undecided);
  }

  @Override
  public void start(SessionFactoryOptions options, Map<String, Object> settings) {
    chosen.start(options, settings);
  }

  @Override
  public void stop() {
    chosen.stop();
  }

  @Override
  public boolean isMinimalPutsEnabledByDefault() {
    return chosen.isMinimalPutsEnabledByDefault();
  }

  @Override
  public AccessType getDefaultAccessType() {
    return chosen.getDefaultAccessType();
  }

  @Override
  public String qualify(String region) {
    return chosen.qualify(region);
  }

  @Override
  public CacheTransactionSynchronization createTransactionContext(
      SharedSessionContractImplementor session) {
    return chosen.createTransactionContext(session);
  }

  @Override
  public long nextTimestamp() {
    return chosen.nextTimestamp();
  }

  @Override
  public long getTimeout() {
    return chosen.getTimeout();
  }

  @Override
  public QueryResultsRegion buildQueryResultsRegion(
      String region, SessionFactoryImplementor factory) {
    return chosen.buildQueryResultsRegion(region, factory);
  }

  @Override
  public TimestampsRegion buildTimestampsRegion(String region, SessionFactoryImplementor factory) {
    return chosen.buildTimestampsRegion(region, factory);
  }
}
