package dev.headgate.containers.history;

import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantId;
import dev.headgate.filter.UnitOfWorkFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServlet;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;

/** The web application of a run. */
final class Application implements ServletContainerInitializer {

  static final String WEB_XML =
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
      <error-page><location>%s</location></error-page>
      </web-app>
      """
          .formatted(FailurePage.PATH);

  private final Script script;
  private final RoutingDataSource dataSource;
  private final Findings findings;
  private final Executor workers;
  private final boolean holding;

  Application(
      Script script,
      RoutingDataSource dataSource,
      Findings findings,
      Executor workers,
      boolean holding) {
    this.script = script;
    this.dataSource = dataSource;
    this.findings = findings;
    this.workers = workers;
    this.holding = holding;
  }

  @Override
  public void onStartup(Set<Class<?>> classes, ServletContext context) {
    add(context, "front", new Front(script, dataSource, findings));
    add(
        context,
        "unit-of-work",
        UnitOfWorkFilter.builder(
                dataSource, request -> Optional.of(TenantId.of(request.getHeader(History.TENANT))))
            .hold(History.HELD, History.HELD_WHOLE)
            .stream(request -> "stream".equals(request.getQueryString()))
            .build());
    if (!holding) {
      add(context, "unheld", new Unheld());
    }
    add(context, "stage", new Stage(script, dataSource, workers), Stage.PATH, Stage.ELSEWHERE);
    add(context, "failure", new FailurePage(script, dataSource), FailurePage.PATH);
  }

  private static void add(ServletContext context, String name, Filter filter) {
    var added = context.addFilter(name, filter);
    added.setAsyncSupported(true);
    added.addMappingForUrlPatterns(
        EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR), true, "/*");
  }

  private static void add(
      ServletContext context, String name, HttpServlet servlet, String... paths) {
    var added = context.addServlet(name, servlet);
    added.setAsyncSupported(true);
    added.addMapping(paths);
  }
}
