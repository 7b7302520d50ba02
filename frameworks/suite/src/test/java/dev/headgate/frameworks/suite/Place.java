package dev.headgate.frameworks.suite;

import dev.headgate.datasource.RoutingDataSource;
import java.util.List;

/** Where units of work are: in jobs, and in requests. */
enum Place {
  JOB("job") {
    @Override
    Stage open(RoutingDataSource dataSource) {
      return (tenant, work) ->
          dataSource.call(
              tenant,
              unit -> {
                work.run();
                return null;
              });
    }
  },

  JETTY("Jetty") {
    @Override
    Stage open(RoutingDataSource dataSource) throws Exception {
      return Requests.to(dataSource, JettyContainer::new);
    }
  },

  TOMCAT("Tomcat") {
    @Override
    Stage open(RoutingDataSource dataSource) throws Exception {
      return Requests.to(dataSource, TomcatContainer::new);
    }
  };

  private final String title;

  Place(String title) {
    this.title = title;
  }

  /** Returns those of this run. */
  static List<Place> all() {
    return Stress.ON ? List.of(values()) : List.of(JOB, JETTY);
  }

  abstract Stage open(RoutingDataSource dataSource) throws Exception;

  @Override
  public String toString() {
    return title;
  }
}
