package dev.headgate.hibernate;

import java.util.Map;
import org.hibernate.boot.registry.StandardServiceInitiator;
import org.hibernate.boot.registry.StandardServiceRegistryBuilder;
import org.hibernate.cache.internal.NoCachingRegionFactory;
import org.hibernate.cache.internal.RegionFactoryInitiator;
import org.hibernate.cache.spi.RegionFactory;
import org.hibernate.cfg.TransactionSettings;
import org.hibernate.service.spi.ServiceContributor;
import org.hibernate.service.spi.ServiceRegistryImplementor;
import org.jspecify.annotations.Nullable;

/**
 * Has the second-level cache of a session factory with {@link HibernateSettings} know units of
 * work; others stay as they are. Hibernate finds it by itself.
 */
public final class RegionContributor implements ServiceContributor {

  /** For Hibernate. */
  public RegionContributor() {}

  @Override
  public void contribute(StandardServiceRegistryBuilder builder) {
    builder.addInitiator(new Initiator());
  }

  private static final class Initiator implements StandardServiceInitiator<RegionFactory> {

    @Override
    public Class<RegionFactory> getServiceInitiated() {
      return RegionFactory.class;
    }

    @Override
    public @Nullable RegionFactory initiateService(
        Map<String, Object> settings, ServiceRegistryImplementor registry) {
      RegionFactory chosen = RegionFactoryInitiator.INSTANCE.initiateService(settings, registry);
      return settings.get(TransactionSettings.TRANSACTION_COORDINATOR_STRATEGY)
                  instanceof UnitCoordinatorBuilder builder
              && !(chosen instanceof NoCachingRegionFactory)
          ? new UnitRegionFactory(chosen, builder.undecided)
          : chosen;
    }
  }
}
