package dev.headgate.containers.answers;

import dev.headgate.containers.laboratory.EmbeddedContainer;
import dev.headgate.filter.TenantResolver;
import dev.headgate.filter.UnitOfWorkFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A container whose applications have the filter mapped once more, and another one behind it. */
record FilterTwice(EmbeddedContainer container) implements EmbeddedContainer {

  @Override
  public Running start(Path folder, ServletContainerInitializer application, boolean compressing)
      throws Exception {
    return container.start(
        folder,
        (classes, context) -> {
          application.onStartup(classes, context);
          EnumSet<DispatcherType> every = EnumSet.allOf(DispatcherType.class);
          context
              .getFilterRegistration("unit-of-work")
              .addMappingForUrlPatterns(every, true, "/*", "/work");
          var another = context.addFilter("another", new Another());
          another.setAsyncSupported(true);
          another.addMappingForUrlPatterns(every, true, "/*");
        },
        compressing);
  }

  @Override
  public Running start(Path webapp, Map<String, String> users) throws Exception {
    return container.start(webapp, users);
  }

  /** A second filter on the data source of the first one, which is not there before that is. */
  private static final class Another implements Filter {

    private @Nullable FilterConfig config;
    private @Nullable UnitOfWorkFilter filter;

    @Override
    public void init(FilterConfig config) {
      this.config = config;
    }

    private synchronized UnitOfWorkFilter filter(ServletContext context) throws ServletException {
      UnitOfWorkFilter made = filter;
      if (made == null) {
        made =
            UnitOfWorkFilter.builder(
                    UnitOfWorkFilter.dataSource(context), TenantResolver.subdomainOf("example.com"))
                .build();
        made.init(Objects.requireNonNull(config));
        filter = made;
      }
      return made;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
        throws IOException, ServletException {
      filter(request.getServletContext()).doFilter(request, response, chain);
    }
  }
}
