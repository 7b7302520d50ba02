package dev.headgate.frameworks.spring;

import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** What was tried, even where it was rolled back. */
@Service
class Audit {

  private final JdbcTemplate jdbc;

  Audit(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  @Transactional(propagation = Propagation.REQUIRES_NEW)
  public void record(String text) {
    jdbc.update("INSERT INTO audit (text) VALUES (?)", text);
  }

  public List<String> all() {
    return jdbc.queryForList("SELECT text FROM audit ORDER BY id", String.class);
  }
}
