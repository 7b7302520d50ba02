package dev.headgate.frameworks.suite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantId;
import dev.headgate.filter.TenantResolver;
import dev.headgate.filter.UnitOfWorkFilter;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** A unit of work is a request to a server behind the filter. */
final class Requests implements Stage {

  /** Starts a server with a filter and a servlet for all paths. */
  @FunctionalInterface
  interface Start {
    Container with(Filter filter, HttpServlet servlet) throws Exception;
  }

  private static final class Piece {
    final Work work;
    volatile Throwable failure;

    Piece(Work work) {
      this.work = work;
    }
  }

  private static final class WorkServlet extends HttpServlet {

    private static final long serialVersionUID = 1;

    private final transient Map<String, Piece> pieces;

    WorkServlet(Map<String, Piece> pieces) {
      this.pieces = pieces;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws ServletException, IOException {
      Piece piece = pieces.get(request.getParameter("piece"));
      try {
        piece.work.run();
        response.getWriter().print("done");
      } catch (Exception | Error e) {
        piece.failure = e;
        throw new ServletException(e);
      }
    }
  }

  private final Map<String, Piece> pieces = new ConcurrentHashMap<>();
  private final AtomicLong number = new AtomicLong();
  private final HttpClient client = HttpClient.newHttpClient();
  private final Container container;

  private Requests(RoutingDataSource dataSource, Start start) throws Exception {
    UnitOfWorkFilter filter =
        UnitOfWorkFilter.builder(dataSource, TenantResolver.header("X-Tenant")).build();
    container = start.with(filter, new WorkServlet(pieces));
  }

  static Requests to(RoutingDataSource dataSource, Start start) throws Exception {
    return new Requests(dataSource, start);
  }

  @Override
  public void play(TenantId tenant, Work work) throws Exception {
    String name = String.valueOf(number.incrementAndGet());
    Piece piece = new Piece(work);
    pieces.put(name, piece);
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:%d/?piece=%s".formatted(container.port(), name)))
            .header("X-Tenant", tenant.value())
            .build();
    HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
    pieces.remove(name);
    if (piece.failure == null) {
      assertThat(answer.body()).isEqualTo("done");
      return;
    }
    assertThat(answer.statusCode()).isEqualTo(500);
    if (piece.failure instanceof Error error) {
      throw error;
    }
    throw (Exception) piece.failure;
  }

  @Override
  public void close() throws Exception {
    container.close();
  }
}
