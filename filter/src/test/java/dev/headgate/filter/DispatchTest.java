package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.datasource.NoUnitOfWorkException;
import dev.headgate.datasource.UnitOfWork;
import dev.headgate.faults.Fault;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.ee10.servlet.ResourceServlet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** FORWARD and INCLUDE join the unit of work; an ERROR dispatch has one of its own. */
class DispatchTest {

  private static final DispatcherType[] ALL = {
    DispatcherType.REQUEST, DispatcherType.FORWARD, DispatcherType.INCLUDE, DispatcherType.ERROR
  };

  private final StubApp app = new StubApp();
  private final List<UnitOfWork> units = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void close() {
    app.close();
  }

  private void insert(String token) throws SQLException {
    app.insert(token);
    units.add(app.unit);
  }

  @ParameterizedTest
  @EnumSource(
      value = DispatcherType.class,
      names = {"FORWARD", "INCLUDE"})
  void dispatchesJoin(DispatcherType type) throws Exception {
    app.web.servlet(
        "/target",
        (request, response) -> {
          insert("target");
          response.getWriter().print("from the target");
        });
    app.start(
        (request, response) -> {
          insert("source");
          RequestDispatcher target = request.getRequestDispatcher("/target");
          if (type == DispatcherType.FORWARD) {
            target.forward(request, response);
          } else {
            target.include(request, response);
            insert("source again");
          }
        },
        ALL);

    Answer answer = app.get("/");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo("from the target");
    assertThat(units.stream().distinct()).hasSize(1);
    assertThat(app.stub.committed()).hasSizeGreaterThan(1).startsWith("source", "target");
    assertThat(app.stub.calls().stream().filter("Connection.commit()"::equals)).hasSize(1);
    app.assertNothingLeft();
  }

  @ParameterizedTest
  @EnumSource(
      value = DispatcherType.class,
      names = {"FORWARD", "INCLUDE"})
  void whatADispatchThrowsRollsAllBack(DispatcherType type) throws Exception {
    app.web.servlet(
        "/target",
        (request, response) -> {
          insert("target");
          throw new IllegalStateException("no");
        });
    app.start(
        (request, response) -> {
          insert("source");
          RequestDispatcher target = request.getRequestDispatcher("/target");
          if (type == DispatcherType.FORWARD) {
            target.forward(request, response);
          } else {
            target.include(request, response);
          }
        },
        ALL);

    assertThat(app.get("/").status()).isEqualTo(500);
    assertThat(app.stub.committed()).isEmpty();
    app.assertNothingLeft();
  }

  @Test
  void aForwardThroughTheContextJoins() throws Exception {
    app.web.servlet(
        "/target",
        (request, response) -> {
          insert("target");
          response.getOutputStream().print("stream");
        });
    app.start(
        (request, response) -> {
          insert("source");
          response.getWriter();
          request.getServletContext().getRequestDispatcher("/target").forward(request, response);
        });

    Answer answer = app.get("/");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo("stream");
    assertThat(app.stub.committed()).containsExactly("source", "target");
  }

  @Test
  void aFileIsServedThroughTheFilter(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("style.css"), "body {}");
    Files.write(folder.resolve("large.bin"), new byte[100_000]);
    app.web.context().setBaseResourceAsPath(folder);
    app.web.context().addServlet(ResourceServlet.class, "/files/*");
    app.start((request, response) -> {});

    Answer style = app.get("/files/style.css");
    assertThat(style.status()).isEqualTo(200);
    assertThat(style.text()).isEqualTo("body {}");
    assertThat(style.header("Content-Type")).startsWith("text/css");
    assertThat(app.get("/files/large.bin").body()).hasSize(100_000);
    assertThat(app.get("/files/missing.css").status()).isEqualTo(404);
  }

  @Test
  void aFilterThatIsMappedTwiceWorksOnce() throws Exception {
    UnitOfWorkFilter second =
        UnitOfWorkFilter.builder(app.dataSource, TenantResolver.header("Other")).build();
    app.start(
        (request, response) -> {
          insert("a");
          response.getWriter().print(app.dataSource.current().tenant());
        });
    app.web.filter(second);

    Answer answer = app.get("/", "Other: nobody");

    assertThat(answer.text()).isEqualTo("acme");
    assertThat(app.stub.committed()).containsExactly("a");
    assertThat(app.stub.calls().stream().filter("Connection.commit()"::equals)).hasSize(1);
    app.assertNothingLeft();
  }

  @Test
  void anErrorPageHasAUnitOfItsOwn() throws Exception {
    app.web.errorPage(500, "/sorry");
    app.web.servlet(
        "/sorry",
        (request, response) -> {
          insert("page");
          response.getWriter().print("sorry, " + app.dataSource.current().tenant());
        });
    app.start(
        (request, response) -> {
          insert("request");
          throw new IllegalStateException("no");
        },
        ALL);

    Answer answer = app.get("/");

    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.text()).isEqualTo("sorry, acme");
    assertThat(units).hasSize(2).doesNotHaveDuplicates();
    assertThat(app.stub.committed()).doesNotContain("request");
    app.assertNothingLeft();
  }

  @Test
  void anErrorPageOfAVetoedStatusHasAUnitOfItsOwn() throws Exception {
    app.web.errorPage(409, "/sorry");
    app.web.servlet(
        "/sorry",
        (request, response) -> response.getWriter().print(app.dataSource.current().tenant()));
    app.start((request, response) -> response.sendError(409), ALL);

    Answer answer = app.get("/");

    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.text()).isEqualTo("acme");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Other: none", "Tenant: -", "Tenant: nobody"})
  void anErrorPageWithoutATenantHasNoUnit(String header) throws Exception {
    app.web.errorPage(400, "/sorry").errorPage(404, "/sorry");
    app.web.servlet(
        "/sorry",
        (request, response) -> {
          try {
            app.dataSource.getConnection();
          } catch (NoUnitOfWorkException e) {
            response.getWriter().print("sorry, no tenant");
          }
        });
    app.start((request, response) -> insert("a"), ALL);

    Answer answer = app.web.get("/", header);

    assertThat(answer.status()).isBetween(400, 404);
    assertThat(answer.text()).isEqualTo("sorry, no tenant");
    assertThat(app.stub.committed()).isEmpty();
  }

  @Test
  void anErrorPageThatNeedsTheDatabaseTooIsNotAskedForever() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    app.web.errorPage(503, "/sorry").errorPage(500, "/sorry");
    app.web.servlet(
        "/sorry",
        (request, response) -> {
          if (asked.incrementAndGet() < 20) {
            insert("page");
          }
        });
    app.stub
        .arm(call -> call.startsWith("Driver.connect"), Fault.throwBefore(DispatchTest::refused))
        .always();
    app.start((request, response) -> insert("a"), ALL);

    Answer answer = app.get("/");

    assertThat(answer.status()).isEqualTo(503);
    assertThat(asked).hasValue(1);
    app.assertNothingLeft();
  }

  private static SQLException refused() {
    return new SQLException("refused", "08001");
  }
}
