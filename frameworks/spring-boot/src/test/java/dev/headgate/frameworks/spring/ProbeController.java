package dev.headgate.frameworks.spring;

import dev.headgate.datasource.RoutingDataSource;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** What an application should not do, or seldom does. */
@RestController
class ProbeController {

  private final RoutingDataSource dataSource;
  private final JdbcTemplate jdbc;
  private final Notes notes;

  ProbeController(RoutingDataSource dataSource, JdbcTemplate jdbc, Notes notes) {
    this.dataSource = dataSource;
    this.jdbc = jdbc;
    this.notes = notes;
  }

  @PostMapping("/probe/jdbc")
  void withoutTransaction(@RequestBody String text) {
    jdbc.update("INSERT INTO note (text) VALUES (?)", text);
  }

  @PostMapping("/probe/commit-and-fail")
  void commitAndFail(@RequestBody String text) {
    notes.add(text);
    throw new IllegalStateException("after the commit");
  }

  @PostMapping("/probe/leave-open")
  void leaveOpen() throws SQLException {
    dataSource.getConnection();
  }

  @PostMapping("/probe/future")
  CompletableFuture<String> future() {
    return CompletableFuture.completedFuture("in time");
  }

  /** Returns how many of the tenant's connections are in use after a query. */
  @PostMapping("/probe/active")
  int active() {
    notes.all();
    return Pools.active(dataSource, dataSource.current().tenant().value());
  }
}
