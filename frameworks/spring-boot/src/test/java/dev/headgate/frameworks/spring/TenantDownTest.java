package dev.headgate.frameworks.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.json.JsonParserFactory;

/** One tenant's database is down: what its users, the others and the operators see. */
class TenantDownTest {

  private final Notebook notebook = Notebook.shared();

  @BeforeEach
  void takeDown() {
    notebook.takeInitechDown();
  }

  @AfterEach
  void bringBack() throws SQLException {
    notebook.bringInitechBack();
    await().until(() -> notebook.get("initech", "/notes").status() == 200);
  }

  @Test
  void itsRequestsAreToTryAgain_andTheOthersGoOn() {
    // A connection that was idle is found to be broken first.
    await().until(() -> notebook.get("initech", "/notes").status() == 503);
    // When it is tried again, spread so that not all come back together.
    assertThat(notebook.get("initech", "/notes").retryAfter()).matches("[1-9][0-9]?");
    assertThat(notebook.get("acme", "/notes").status()).isEqualTo(200);
  }

  @Test
  void health_seesTheRegistryUpAndTheTenantDown() {
    Answer answer = notebook.get("", "/actuator/health/db");
    assertThat(answer.status()).isEqualTo(200);
    Map<String, Object> db = JsonParserFactory.getJsonParser().parseMap(answer.body());
    assertThat(db).containsEntry("status", "UP");
    assertThat(at(db, "details", "registry")).containsEntry("status", "UP");
    assertThat(at(db, "details", "tenants", "acme")).containsEntry("status", "UP");
    assertThat(at(db, "details", "tenants", "initech")).containsEntry("status", "DOWN");
  }

  @Test
  void theInstance_staysInTheLoadBalancer() {
    assertThat(notebook.get("", "/actuator/health").status()).isEqualTo(200);
    assertThat(notebook.get("", "/actuator/health/readiness").status()).isEqualTo(200);
  }

  private static Map<String, Object> at(Map<String, Object> json, String... keys) {
    Map<String, Object> found = json;
    for (String key : keys) {
      @SuppressWarnings("unchecked") // JSON's objects are maps of strings
      Map<String, Object> next = (Map<String, Object>) found.get(key);
      found = next;
    }
    return found;
  }
}
